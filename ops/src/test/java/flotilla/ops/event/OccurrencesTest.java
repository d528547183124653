package flotilla.ops.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.node.event.NodeEvent;
import flotilla.node.event.NodeEvent.LoginFailure;
import flotilla.node.state.Link;
import java.net.InetAddress;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class OccurrencesTest {
    private static final InetAddress CLIENT = InetAddress.getLoopbackAddress();
    private static final Link LINK =
            new Link("0-s", CLIENT, 1_024, CLIENT, 21, false, "node-1", Instant.EPOCH, new UUID(0, 1));

    private static String user(String name, LoginFailure why) {
        return Occurrences.of(new NodeEvent.LoginFailed(LINK, name, why, 530))
                .orElseThrow()
                .user();
    }

    @Test
    void aPasswordThatWasTypedAsAUserNameIsNotSentToAnybody() {
        assertEquals("alice", user("alice", LoginFailure.WRONG_PASSWORD));
        assertEquals("h…", user("hunter2", LoginFailure.UNKNOWN_USER));
        assertEquals("co…", user("correct-horse", LoginFailure.TLS_REQUIRED));
    }

    @Test
    void onlyWhoWasLoggedInLogsOut() {
        assertTrue(Occurrences.of(new NodeEvent.Disconnected(LINK, "alice", true, "QUIT"))
                .isPresent());
        assertTrue(Occurrences.of(new NodeEvent.Disconnected(LINK, "hunter2", false, "QUIT"))
                .isEmpty());
    }
}
