package flotilla.node.session;

import flotilla.node.command.Policy;
import flotilla.node.protocol.Network;
import flotilla.node.state.SessionState;
import flotilla.node.transfer.TransferOrder.SessionReuse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The settings of sessions.
 *
 * @param greeting text of reply 220, without the name of a product
 * @param explicitTls the policy of the port for AUTH TLS
 * @param implicitTls the policy of the port for TLS from the first byte
 * @param dataConnectTimeout longest wait for a data connection
 * @param leasePatience longest wait of PASV and EPSV for a port when all ports of the client's address are taken
 * @param refusals how often a lease is opened again after a data connection with the TLS session of another client
 * @param foreignPeers true to accept a data connection from another address if it resumes the TLS session of its
 *     control connection
 * @param uploadGrace how long an upload may continue after its control connection ended without QUIT
 * @param reuse the policy for TLS sessions of data connections
 * @param passiveAddress the address that 227 announces to clients outside {@code localNetworks}; empty for the address
 *     that the client dialled
 * @param localNetworks networks of the clients that are told the address they dialled
 * @param readOnly true to refuse every change of files
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
        List<Network> localNetworks,
        boolean readOnly) {
    public SessionSettings {
        localNetworks = List.copyOf(localNetworks);
    }

    /** The policy of a session: that of its listener, with the leniencies of the account once a user is logged in. */
    public Policy policy(SessionState state) {
        Policy listener = state.link().implicitTls() ? implicitTls : explicitTls;
        return state.login().user().map(listener::of).orElse(listener);
    }
}
