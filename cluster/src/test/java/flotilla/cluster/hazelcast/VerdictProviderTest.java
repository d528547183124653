package flotilla.cluster.hazelcast;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.typesafe.config.ConfigFactory;
import org.junit.jupiter.api.Test;

/**
 * Pekko lets a node join only members that name the same downing provider, so that name must stay the same in every
 * release.
 */
class VerdictProviderTest {
    @Test
    void theProviderKeepsItsName() {
        assertEquals(
                "flotilla.cluster.hazelcast.VerdictProvider",
                ConfigFactory.parseResources("flotilla-cluster.conf")
                        .getString("pekko.cluster.downing-provider-class"));
        assertEquals("flotilla.cluster.hazelcast.VerdictProvider", VerdictProvider.class.getName());
    }
}
