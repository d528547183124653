package flotilla.node.session;

import flotilla.cluster.User;
import flotilla.cluster.wire.Tag;
import flotilla.cluster.wire.Wire;
import flotilla.node.message.ControlMessage;
import flotilla.node.message.DataMessage;
import flotilla.node.protocol.Facts.Fact;
import flotilla.node.state.Endpoint;
import flotilla.node.state.HashAlgorithm;
import flotilla.node.state.Link;
import flotilla.node.state.Login;
import flotilla.node.state.Security;
import flotilla.node.state.SessionState;
import flotilla.node.state.SessionState.RenameSource;
import flotilla.node.state.TransferParameters;
import flotilla.storage.StorageException;
import flotilla.storage.VirtualPath;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What is kept of a session in Hazelcast: enough to go on elsewhere. The user is read again by name, the password is nowhere.
 *
 * @param user what USER gave
 * @param passivePort leased for the next data connection; 0 for none
 * @param active where the next data connection goes to
 */
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
        @Tag(15) String host,
        @Tag(16) boolean utf8,
        @Tag(17) long announced,
        @Tag(18) int passivePort,
        @Tag(19) Optional<InetSocketAddress> active,
        @Tag(20) Progress progress)
        implements Wire {

    /**
     * How far the session has come with what its client sent.
     *
     * @param control the control connection
     * @param sequence of the command that was begun last
     * @param answer the reply to it, if it is known; sent again to a control connection that did not get it
     * @param begun whether the command may have changed files although its reply is not known
     * @param data the data connection that has come
     * @param transfers how many were begun
     * @param closed the client is gone, an upload of it may go on
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
                login.host(),
                login.utf8(),
                parameters.announced(),
                endpoint instanceof Endpoint.Passive passive ? passive.port() : 0,
                endpoint instanceof Endpoint.Active there ? Optional.of(there.client()) : Optional.empty(),
                progress);
    }

    /** The state that was saved. @param account of the user, when logged in @throws StorageException when a path in it is none */
    SessionState restored(Optional<User> account) throws StorageException {
        Optional<Endpoint> endpoint =
                passivePort > 0 ? Optional.of(new Endpoint.Passive(passivePort)) : active.map(Endpoint.Active::new);
        return new SessionState(
                link,
                security,
                new Login(user, account, failures, host, clientName, utf8),
                VirtualPath.ROOT.resolve(directory),
                new TransferParameters(
                        ascii, extendedOnly, facts, HashAlgorithm.named(hash).orElse(HashAlgorithm.SHA_256), announced),
                endpoint,
                restart,
                renamePath.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new RenameSource(VirtualPath.ROOT.resolve(renamePath), renameIdentity)));
    }

    /** One line for SITE WHO. */
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
