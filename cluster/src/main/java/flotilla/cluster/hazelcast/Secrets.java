package flotilla.cluster.hazelcast;

import flotilla.cluster.ClusterSettings.Protection;
import flotilla.cluster.protection.ClusterKey;
import flotilla.cluster.protection.Seal;
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
record Secrets(Seal seal, String clusterName, List<String> keyIds) {
    /** Reads the key file, if there is one. @throws IOException when it is not usable */
    static Secrets of(Protection protection) throws IOException {
        Path file = protection.keyFile();
        if (file == null) {
            return new Secrets(Seal.NONE, "flotilla", List.of());
        }
        ClusterKey key = ClusterKey.read(file);
        return new Secrets(key.seal(), key.clusterName(), key.ids());
    }

    @Override
    public String toString() {
        return "Secrets[" + keyIds + "]";
    }
}
