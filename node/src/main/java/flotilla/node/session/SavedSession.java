package flotilla.node.session;

import flotilla.cluster.wire.Tag;
import flotilla.cluster.wire.Wire;
import flotilla.node.protocol.Facts.Fact;
import flotilla.node.state.Link;
import flotilla.node.state.Security;
import flotilla.node.state.SessionState;
import flotilla.node.state.SessionState.RenameSource;
import java.util.Set;

/**
 * What is kept of a logged-in session in Hazelcast: enough to go on elsewhere. The user is read again by name, the password
 * is nowhere.
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
        @Tag(12) String clientName)
        implements Wire {

    static SavedSession of(SessionState state) {
        return new SavedSession(
                state.link(),
                state.security(),
                state.login().name(),
                state.directory().toString(),
                state.parameters().ascii(),
                state.parameters().extendedOnly(),
                state.parameters().facts(),
                state.parameters().hash().wireName(),
                state.restart(),
                state.rename().map(source -> source.path().toString()).orElse(""),
                state.rename().map(RenameSource::identity).orElse(""),
                state.login().clientName());
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
