package flotilla.cluster.hazelcast.member;

import com.hazelcast.cluster.Address;
import com.hazelcast.config.properties.PropertyDefinition;
import com.hazelcast.logging.ILogger;
import com.hazelcast.spi.discovery.AbstractDiscoveryStrategy;
import com.hazelcast.spi.discovery.DiscoveryNode;
import com.hazelcast.spi.discovery.DiscoveryStrategy;
import com.hazelcast.spi.discovery.DiscoveryStrategyFactory;
import com.hazelcast.spi.discovery.SimpleDiscoveryNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Lets Hazelcast find its members through Pekko's, so that there is one membership and one configuration. */
final class PekkoDiscovery implements DiscoveryStrategyFactory {
    private final Supplier<List<Address>> members;

    /** Discovers {@code members}, which is asked at each discovery. */
    PekkoDiscovery(Supplier<List<Address>> members) {
        this.members = members;
    }

    @Override
    public Class<? extends DiscoveryStrategy> getDiscoveryStrategyType() {
        return Strategy.class;
    }

    @Override
    @SuppressWarnings("rawtypes") // as the interface is
    public DiscoveryStrategy newDiscoveryStrategy(
            @Nullable DiscoveryNode self, ILogger logger, Map<String, Comparable> properties) {
        return new Strategy(logger, properties, members);
    }

    @Override
    public Collection<PropertyDefinition> getConfigurationProperties() {
        return List.of();
    }

    private static final class Strategy extends AbstractDiscoveryStrategy {
        private final Supplier<List<Address>> members;

        @SuppressWarnings("rawtypes")
        Strategy(ILogger logger, Map<String, Comparable> properties, Supplier<List<Address>> members) {
            super(logger, properties);
            this.members = members;
        }

        @Override
        public Iterable<DiscoveryNode> discoverNodes() {
            List<DiscoveryNode> nodes = new ArrayList<>();
            members.get().forEach(address -> nodes.add(new SimpleDiscoveryNode(address)));
            return nodes;
        }
    }
}
