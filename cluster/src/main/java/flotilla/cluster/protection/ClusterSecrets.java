package flotilla.cluster.protection;

import flotilla.cluster.ClusterSettings.Protection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What the cluster's key gives.
 *
 * @param seal for what is shared
 * @param clusterName of Hazelcast, not for logs
 * @param keyIds tell the keys apart, the sealing one first; empty without a key
 */
public record ClusterSecrets(Seal seal, String clusterName, List<String> keyIds) {
    /** Reads the key file, if there is one. @throws IOException when it is not usable */
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
