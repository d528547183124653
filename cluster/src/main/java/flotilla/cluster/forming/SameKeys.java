package flotilla.cluster.forming;

import com.typesafe.config.Config;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.cluster.ConfigValidation;
import org.apache.pekko.cluster.Invalid;
import org.apache.pekko.cluster.JoinConfigCompatChecker;
import org.apache.pekko.cluster.Valid$;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Compares the configuration of a joining node with the cluster's. Each side must be able to open the values that the
 * other seals. Both must have the same version of Hazelcast and the same number of partitions.
 * {@code flotilla-cluster.conf} names this class, and both sides run it.
 */
public final class SameKeys extends JoinConfigCompatChecker {
    static final String KEY_IDS = "flotilla-cluster.key-ids";
    static final String PARTITIONS = "flotilla-cluster.partitions";
    static final String HAZELCAST = "flotilla-cluster.hazelcast-version";

    /** Pekko calls this. */
    public SameKeys() {}

    @Override
    public Seq<String> requiredKeys() {
        return seq(List.of(KEY_IDS, HAZELCAST, PARTITIONS));
    }

    @Override
    public ConfigValidation check(Config joining, Config cluster) {
        List<String> problems = new ArrayList<>();
        if (!joining.hasPath(KEY_IDS) || !open(joining.getStringList(KEY_IDS), cluster.getStringList(KEY_IDS))) {
            problems.add("the keys of flotilla.cluster.key-file are not those of the cluster");
        }
        if (!joining.hasPath(HAZELCAST) || !joining.getString(HAZELCAST).equals(cluster.getString(HAZELCAST))) {
            problems.add("the cluster runs Hazelcast " + cluster.getString(HAZELCAST)
                    + "; all nodes must be stopped to change it");
        }
        if (!joining.hasPath(PARTITIONS) || joining.getInt(PARTITIONS) != cluster.getInt(PARTITIONS)) {
            problems.add("the cluster has flotilla.cluster.partitions = " + cluster.getInt(PARTITIONS)
                    + "; all nodes must be stopped to change it");
        }
        return problems.isEmpty() ? Valid$.MODULE$ : new Invalid(seq(problems));
    }

    /** Whether each side has the key with which the other one seals. */
    static boolean open(List<String> some, List<String> others) {
        if (some.isEmpty() || others.isEmpty()) {
            return some.isEmpty() && others.isEmpty();
        }
        return others.contains(some.get(0)) && some.contains(others.get(0));
    }

    private static Seq<String> seq(List<String> items) {
        return CollectionConverters.asScala(items).toSeq();
    }
}
