package flotilla.ops.setup;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a first configuration says.
 *
 * @param clients how clients reach the server
 * @param places where files are
 * @param cluster empty for a server of its own
 */
public record SetupPlan(Clients clients, Places places, Optional<Cluster> cluster) {
    /**
     * How clients reach the server.
     *
     * @param bind addresses of its listeners
     * @param explicitPort port for AUTH TLS; 0 = off
     * @param implicitPort port with TLS from the first byte; 0 = off
     * @param passivePorts as {@code passive.ports}
     * @param passiveAddress as {@code passive.address}; empty when clients dial an address of this machine
     */
    public record Clients(
            List<String> bind,
            int explicitPort,
            int implicitPort,
            String passivePorts,
            Optional<String> passiveAddress) {
        public Clients {
            bind = List.copyOf(bind);
        }
    }

    /**
     * Where files are.
     *
     * @param configuration the file to write; certificates and keys lie beside it
     * @param certificate of the server; its private key is in the file, or in {@code key}
     * @param key empty when the key is in the file of the certificate
     * @param dataDir as {@code data-dir}
     * @param storage as {@code storage.root}; empty for homes in the data directory
     * @param logs directory of logs; empty for the default logs
     */
    public record Places(
            Path configuration,
            Path certificate,
            Optional<Path> key,
            Path dataDir,
            Optional<Path> storage,
            Optional<Path> logs) {
        /** Returns the directory of the configuration. */
        Path directory() {
            return ConfigFile.directoryOf(configuration);
        }
    }

    /**
     * The nodes of a cluster.
     *
     * @param members all of them; the first one is the node that is set up
     * @param port of Pekko remoting, on all nodes
     * @param hazelcastPort on all nodes
     * @param database as {@code users.jdbc-url}
     * @param balancers CIDR blocks of balancers that speak the PROXY protocol; empty when clients dial nodes
     */
    public record Cluster(List<Member> members, int port, int hazelcastPort, String database, List<String> balancers) {
        public Cluster {
            members = List.copyOf(members);
            balancers = List.copyOf(balancers);
        }

        Member self() {
            return members.get(0);
        }

        @Override
        public String toString() {
            return "Cluster" + members;
        }
    }
}
