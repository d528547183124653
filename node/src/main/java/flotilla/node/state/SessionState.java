package flotilla.node.state;

import flotilla.node.protocol.Encoding;
import flotilla.storage.StorageException;
import flotilla.storage.VirtualPath;
import java.util.Optional;

/**
 * The state of a session that commands read and change. Immutable; one actor owns it.
 *
 * @param directory the working directory
 * @param endpoint the session's end of the next data connection
 * @param restart offset of REST in bytes, for the next transfer only
 * @param rename the file that RNFR or SITE CPFR named, for the next command only
 * @param messages the directories whose messages the user has seen
 */
public record SessionState(
        Link link,
        Security security,
        Login login,
        VirtualPath directory,
        TransferParameters parameters,
        Optional<Endpoint> endpoint,
        long restart,
        Optional<RenameSource> rename,
        ShownMessages messages) {

    /**
     * The file that RNFR or SITE CPFR found. RNTO and SITE CPTO use its identity to detect that another file has the name
     * now.
     *
     * @param copies true for SITE CPFR
     */
    public record RenameSource(VirtualPath path, String identity, boolean copies) {
        /** The file that RNFR found. */
        public RenameSource(VirtualPath path, String identity) {
            this(path, identity, false);
        }
    }

    /** The state of a session that has just connected. */
    public static SessionState connected(Link link, Security security) {
        return new SessionState(
                link,
                security,
                Login.NONE,
                VirtualPath.ROOT,
                TransferParameters.INITIAL,
                Optional.empty(),
                0,
                Optional.empty(),
                ShownMessages.NONE);
    }

    /** Returns true when a user is logged in. */
    public boolean isLoggedIn() {
        return login.user().isPresent();
    }

    /**
     * The encoding of names: that of the account, unless it has none or the client chose UTF-8. Before a login it is
     * UTF-8.
     */
    public Encoding encoding() {
        return parameters.utf8()
                ? Encoding.UTF_8
                : login.user().map(user -> Encoding.of(user.encoding())).orElse(Encoding.UTF_8);
    }

    /**
     * The path that a command's argument names, from the working directory unless it begins with a slash.
     *
     * @throws StorageException when the argument is no valid path
     */
    public VirtualPath resolve(String argument) throws StorageException {
        return directory.resolve(argument);
    }

    /** The same with another protection. */
    public SessionState withSecurity(Security newSecurity) {
        return new SessionState(link, newSecurity, login, directory, parameters, endpoint, restart, rename, messages);
    }

    /** The same with another login. */
    public SessionState withLogin(Login newLogin) {
        return new SessionState(link, security, newLogin, directory, parameters, endpoint, restart, rename, messages);
    }

    /** The same with another working directory. */
    public SessionState withDirectory(VirtualPath newDirectory) {
        return new SessionState(link, security, login, newDirectory, parameters, endpoint, restart, rename, messages);
    }

    /** The same with other transfer parameters. */
    public SessionState withParameters(TransferParameters newParameters) {
        return new SessionState(link, security, login, directory, newParameters, endpoint, restart, rename, messages);
    }

    /** The same with another endpoint. */
    public SessionState withEndpoint(Optional<Endpoint> newEndpoint) {
        return new SessionState(link, security, login, directory, parameters, newEndpoint, restart, rename, messages);
    }

    /**
     * The same after REST.
     *
     * @param offset bytes; 0 for none
     */
    public SessionState withRestart(long offset) {
        return new SessionState(link, security, login, directory, parameters, endpoint, offset, rename, messages);
    }

    /** After a transfer, which uses up the endpoint, REST and ALLO. */
    public SessionState transferred() {
        return withEndpoint(Optional.empty()).withRestart(0);
    }

    /** The same with another file named by RNFR or SITE CPFR. */
    public SessionState withRename(Optional<RenameSource> source) {
        return new SessionState(link, security, login, directory, parameters, endpoint, restart, source, messages);
    }

    /** The same after the message of a directory was shown. */
    public SessionState withMessages(ShownMessages shown) {
        return new SessionState(link, security, login, directory, parameters, endpoint, restart, rename, shown);
    }

    /**
     * Without a user, with all parameters at their defaults. TLS, failed attempts and the chosen host stay (RFC 4217,
     * section 4.2).
     */
    public SessionState reset() {
        return new SessionState(
                link,
                security.unprotected(),
                login.forgotten(),
                VirtualPath.ROOT,
                TransferParameters.INITIAL,
                endpoint,
                0,
                Optional.empty(),
                ShownMessages.NONE);
    }
}
