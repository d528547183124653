package flotilla.ops.e2e;

import java.util.List;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Starts servers when they are first needed, and keeps them until all tests are done. */
public final class Servers implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == ServerProcess.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        List<String> settings = List.of(
                context.getRequiredTestClass().getAnnotation(WithServer.class).value());
        return context.getRoot()
                .getStore(Namespace.create(Servers.class))
                .getOrComputeIfAbsent(
                        settings, key -> ServerProcess.start(settings.toArray(String[]::new)), ServerProcess.class);
    }
}
