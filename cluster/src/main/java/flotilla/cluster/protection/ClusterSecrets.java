package flotilla.cluster.protection;

import flotilla.cluster.ClusterSettings.Protection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The secrets that the cluster's key file gives.
 *
 * @param seal seals shared values
 * @param clusterName name of Hazelcast's cluster; must not be logged
 * @param keyIds ids of the keys, the sealing one first; empty without a key file
 */
public record ClusterSecrets(Seal seal, String clusterName, List<String> keyIds) {
    /**
     * Reads the key file, if there is one.
     *
     * @throws IOException when it is not usable
     */
    public static ClusterSecrets of(Protection protection) throws IOException {
        Path file = protection.keyFile();
        if (file == null) {
            return new ClusterSecrets(Seal.NONE, "flotilla", List.of());
        }
        ClusterKey key = ClusterKey.read(file);
        return new ClusterSecrets(key.seal(), key.clusterName(), key.ids());
    }

    @Override
    public String toString() {
        return "ClusterSecrets[" + keyIds + "]";
    }
}
