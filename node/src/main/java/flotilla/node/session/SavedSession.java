package flotilla.node.session;

import flotilla.cluster.User;
import flotilla.cluster.wire.Tag;
import flotilla.cluster.wire.Wire;
import flotilla.node.auth.Authenticators;
import flotilla.node.message.ControlMessage;
import flotilla.node.message.DataMessage;
import flotilla.node.protocol.Facts.Fact;
import flotilla.node.state.Compression;
import flotilla.node.state.Endpoint;
import flotilla.node.state.HashAlgorithm;
import flotilla.node.state.Link;
import flotilla.node.state.Login;
import flotilla.node.state.Security;
import flotilla.node.state.SessionState;
import flotilla.node.state.SessionState.RenameSource;
import flotilla.node.state.ShownMessages;
import flotilla.node.state.TransferParameters;
import flotilla.storage.StorageException;
import flotilla.storage.VirtualPath;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The record of a session in Hazelcast, with which it can continue on another node. The record names the user, whose
 * account is read again; it holds no password.
 *
 * @param user the name that USER gave
 * @param hash name of the hash algorithm (HASH)
 * @param restart offset that REST gave, in bytes
 * @param renamePath path that RNFR named; empty for none
 * @param renameIdentity the storage's identity of that file
 * @param failures number of failed logins
 * @param passivePort port leased for the next data connection; 0 for none
 * @param active address to which the next data connection goes
 * @param umask the choice of SITE UMASK; empty for the umask of the account
 * @param messages the directories whose messages were shown
 * @param compressed true after MODE Z
 * @param deflateLevel the choice of OPTS MODE Z LEVEL; 0 for none
 * @param utf8 true after OPTS UTF8 ON
 * @param copies true when SITE CPFR and not RNFR named that file
 * @param authenticator name of the authenticator that knows the user; empty for the accounts of the cluster
 */
// Tags 15 to 17 belong to releases before this one.
public record SavedSession(
        @Tag(1) Link link,
        @Tag(2) Security security,
        @Tag(3) String user,
        @Tag(4) String directory,
        @Tag(5) boolean ascii,
        @Tag(6) boolean extendedOnly,
        @Tag(7) Set<Fact> facts,
        @Tag(8) String hash,
        @Tag(9) long restart,
        @Tag(10) String renamePath,
        @Tag(11) String renameIdentity,
        @Tag(12) String clientName,
        @Tag(13) boolean loggedIn,
        @Tag(14) int failures,
        @Tag(18) int passivePort,
        @Tag(19) Optional<InetSocketAddress> active,
        @Tag(20) Progress progress,
        @Tag(21) String authenticator,
        @Tag(22) String umask,
        @Tag(23) List<Long> messages,
        @Tag(24) boolean compressed,
        @Tag(25) int deflateLevel,
        @Tag(26) boolean copies,
        @Tag(27) boolean utf8)
        implements Wire {
    public SavedSession {
        messages = List.copyOf(messages);
    }

    /**
     * The session's progress with the commands of its client.
     *
     * @param control the control connection
     * @param sequence number of the command that began last
     * @param answer the reply to it, if known; sent again when the control connection did not get it
     * @param begun true when the command may have changed files and its reply is not known
     * @param data the data connection, if one has come
     * @param transfer the transfer in progress
     * @param transfers number of transfers begun so far
     * @param closed true when the client has gone; its upload may still run
     */
    public record Progress(
            @Tag(1) ActorRef<ControlMessage> control,
            @Tag(2) long sequence,
            @Tag(3) Optional<ControlMessage.Answer> answer,
            @Tag(4) boolean begun,
            @Tag(5) Optional<ActorRef<DataMessage>> data,
            @Tag(6) Optional<SavedTransfer> transfer,
            @Tag(7) long transfers,
            @Tag(8) boolean closed)
            implements Wire {}

    static SavedSession of(SessionState state, Progress progress) {
        Login login = state.login();
        TransferParameters parameters = state.parameters();
        Endpoint endpoint = state.endpoint().orElse(null);
        return new SavedSession(
                state.link(),
                state.security(),
                login.name(),
                state.directory().toString(),
                parameters.ascii(),
                parameters.extendedOnly(),
                parameters.facts(),
                parameters.hash().wireName(),
                state.restart(),
                state.rename().map(source -> source.path().toString()).orElse(""),
                state.rename().map(RenameSource::identity).orElse(""),
                login.clientName(),
                login.user().isPresent(),
                login.failures(),
                endpoint instanceof Endpoint.Passive passive ? passive.port() : 0,
                endpoint instanceof Endpoint.Active there ? Optional.of(there.client()) : Optional.empty(),
                progress,
                login.by().equals(Authenticators.ACCOUNTS) ? "" : login.by(),
                parameters.umask(),
                state.messages().directories(),
                parameters.compression().on(),
                parameters.compression().level(),
                state.rename().map(RenameSource::copies).orElse(false),
                parameters.utf8());
    }

    /**
     * Restores the saved state.
     *
     * @param account the user's account, when logged in
     * @throws StorageException when the record holds an invalid path
     */
    SessionState restored(Optional<User> account) throws StorageException {
        Optional<Endpoint> endpoint =
                passivePort > 0 ? Optional.of(new Endpoint.Passive(passivePort)) : active.map(Endpoint.Active::new);
        return new SessionState(
                link,
                security,
                new Login(user, account, by(), failures, clientName),
                VirtualPath.ROOT.resolve(directory),
                new TransferParameters(
                        ascii,
                        extendedOnly,
                        facts,
                        HashAlgorithm.named(hash).orElse(HashAlgorithm.SHA_256),
                        umask,
                        new Compression(compressed, deflateLevel == 0 ? Compression.DEFAULT_LEVEL : deflateLevel),
                        utf8),
                endpoint,
                restart,
                renamePath.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new RenameSource(VirtualPath.ROOT.resolve(renamePath), renameIdentity, copies)),
                new ShownMessages(messages));
    }

    /** The name of the authenticator that let the user in; empty when nobody is logged in. */
    String by() {
        return loggedIn && authenticator.isEmpty() ? Authenticators.ACCOUNTS : authenticator;
    }

    /** One line of the reply to SITE WHO: user, address, node, TLS version, directory. */
    public String summary(String node) {
        return String.format(
                java.util.Locale.ROOT,
                "%-16s %-40s %-10s %s %s",
                user,
                link.client().getHostAddress(),
                node,
                security.tls() ? security.facts().version() : "clear",
                directory);
    }
}
