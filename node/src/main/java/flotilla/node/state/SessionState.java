package flotilla.node.state;

import flotilla.storage.StorageException;
import flotilla.storage.VirtualPath;
import java.util.Optional;

/**
 * Everything a session knows that a command may ask or change. Immutable; owned by one actor.
 *
 * @param directory the working directory
 * @param endpoint where the next data connection comes from or goes to
 * @param restart offset of REST, for the next transfer only
 * @param rename what RNFR named, for the next command only
 */
public record SessionState(
        Link link,
        Security security,
        Login login,
        VirtualPath directory,
        TransferParameters parameters,
        Optional<Endpoint> endpoint,
        long restart,
        Optional<RenameSource> rename) {

    /** What RNFR found, so that RNTO can tell when something else has that name now. */
    public record RenameSource(VirtualPath path, String identity) {}

    /** A session that has just been connected. */
    public static SessionState connected(Link link, Security security) {
        return new SessionState(
                link,
                security,
                Login.NONE,
                VirtualPath.ROOT,
                TransferParameters.INITIAL,
                Optional.empty(),
                0,
                Optional.empty());
    }

    public boolean isLoggedIn() {
        return login.user().isPresent();
    }

    /** The path a command's argument names: from the working directory unless it begins with a slash. */
    public VirtualPath resolve(String argument) throws StorageException {
        return directory.resolve(argument);
    }

    public SessionState withSecurity(Security newSecurity) {
        return new SessionState(link, newSecurity, login, directory, parameters, endpoint, restart, rename);
    }

    public SessionState withLogin(Login newLogin) {
        return new SessionState(link, security, newLogin, directory, parameters, endpoint, restart, rename);
    }

    public SessionState withDirectory(VirtualPath newDirectory) {
        return new SessionState(link, security, login, newDirectory, parameters, endpoint, restart, rename);
    }

    public SessionState withParameters(TransferParameters newParameters) {
        return new SessionState(link, security, login, directory, newParameters, endpoint, restart, rename);
    }

    public SessionState withEndpoint(Optional<Endpoint> newEndpoint) {
        return new SessionState(link, security, login, directory, parameters, newEndpoint, restart, rename);
    }

    public SessionState withRestart(long offset) {
        return new SessionState(link, security, login, directory, parameters, endpoint, offset, rename);
    }

    /** What is left after a transfer: it has used up the endpoint, REST and ALLO. */
    public SessionState transferred() {
        return withEndpoint(Optional.empty()).withRestart(0).withParameters(parameters.withAnnounced(0));
    }

    public SessionState withRename(Optional<RenameSource> source) {
        return new SessionState(link, security, login, directory, parameters, endpoint, restart, source);
    }

    /** Nobody logged in, every parameter at its default; TLS, failed attempts and the chosen host stay (RFC 4217, section 4.2). */
    public SessionState reset() {
        return new SessionState(
                link,
                security.unprotected(),
                login.forgotten(),
                VirtualPath.ROOT,
                TransferParameters.INITIAL,
                endpoint,
                0,
                Optional.empty());
    }
}
