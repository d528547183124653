package flotilla.ops.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Starts servers when they are first needed, and keeps those that were used last for the next classes of this JVM. The
 * session is the scope, because Surefire executes each class on its own.
 */
public final class Servers implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == ServerProcess.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        List<String> settings = List.of(
                context.getRequiredTestClass().getAnnotation(WithServer.class).value());
        try {
            return context.getStore(StoreScope.LAUNCHER_SESSION, Namespace.create(Servers.class))
                    .getOrComputeIfAbsent(Kept.class, key -> new Kept(), Kept.class)
                    .get(settings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The servers that run, by their settings. */
    private static final class Kept implements AutoCloseable {
        /** A server at rest costs a core some percent. The nested classes of a test class use two at most. */
        private static final int MOST = 3;

        private final Map<List<String>, ServerProcess> servers = new LinkedHashMap<>(MOST, 1, true);

        synchronized ServerProcess get(List<String> settings) throws IOException {
            ServerProcess kept = servers.get(settings);
            if (kept != null && kept.isAlive()) {
                return kept;
            }
            servers.remove(settings);
            ServerProcess started = ServerProcess.start(settings.toArray(String[]::new));
            servers.put(settings, started);
            Iterator<ServerProcess> oldest = new ArrayList<>(servers.values()).iterator();
            while (servers.size() > MOST) {
                ServerProcess idle = oldest.next();
                servers.values().remove(idle);
                idle.close();
            }
            return started;
        }

        @Override
        public synchronized void close() throws IOException {
            for (ServerProcess server : servers.values()) {
                server.close();
            }
        }
    }
}
