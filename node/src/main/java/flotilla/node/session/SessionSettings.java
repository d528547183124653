package flotilla.node.session;

import flotilla.node.command.Policy;
import flotilla.node.protocol.Network;
import flotilla.node.state.SessionState;
import flotilla.node.transfer.TransferOrder.SessionReuse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What sessions are run by.
 *
 * @param greeting text of 220, without the name of a product
 * @param explicitTls what applies to the port for AUTH TLS
 * @param implicitTls what applies to the port for TLS from the first byte
 * @param dataConnectTimeout how long a data connection may take to come
 * @param leasePatience how long PASV and EPSV wait for a port when all ports of the client's address are taken
 * @param refusals how often a lease is opened again after a data connection with the TLS session of somebody else
 * @param foreignPeers whether a data connection from another address is taken that resumes the TLS session of its control connection
 * @param uploadGrace how long an upload goes on whose control connection ended without QUIT
 * @param reuse policy for data TLS sessions
 * @param passiveAddress announced in 227 to clients outside {@code localNetworks}; empty for the address the client dialled
 * @param localNetworks whose clients are told the address they dialled
 */
public record SessionSettings(
        String greeting,
        Policy explicitTls,
        Policy implicitTls,
        Duration dataConnectTimeout,
        Duration leasePatience,
        int refusals,
        boolean foreignPeers,
        Duration uploadGrace,
        SessionReuse reuse,
        Optional<AnnouncedAddress.Configured> passiveAddress,
        List<Network> localNetworks) {
    public SessionSettings {
        localNetworks = List.copyOf(localNetworks);
    }

    /** What applies to a session: what its listener says, and its user once there is one. */
    public Policy policy(SessionState state) {
        Policy listener = state.link().implicitTls() ? implicitTls : explicitTls;
        return state.login().user().map(listener::of).orElse(listener);
    }
}
