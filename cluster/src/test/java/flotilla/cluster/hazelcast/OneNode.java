package flotilla.cluster.hazelcast;

import flotilla.cluster.ClusterNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Provides a {@link ClusterNode} that all test classes share, since starting one takes seconds. */
public final class OneNode implements ParameterResolver {
    private record Shared(ClusterNode node) implements AutoCloseable {
        @Override
        public void close() {
            TestNodes.get(node.leave());
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == ClusterNode.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.create(OneNode.class))
                .getOrComputeIfAbsent("node", key -> start(), Shared.class)
                .node();
    }

    private static Shared start() {
        try {
            return new Shared(TestNodes.start(
                    "alone", Files.createTempDirectory("flotilla-cluster"), java.util.List.of(), Duration.ofHours(1)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
