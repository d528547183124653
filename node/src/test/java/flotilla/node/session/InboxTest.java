package flotilla.node.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.node.message.SessionMessage;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InboxTest {
    /** The kinds below a sealed type. */
    private static void collect(Class<?> type, Set<Class<?>> kinds) {
        Class<?>[] permitted = type.getPermittedSubclasses();
        if (permitted == null) {
            kinds.add(type);
            return;
        }
        for (Class<?> kind : permitted) {
            collect(kind, kinds);
        }
    }

    @Test
    void everyMessageHasALine() {
        Set<Class<?>> kinds = new HashSet<>(Set.of(Session.HandOff.class));
        collect(SessionEvent.class, kinds);
        kinds.remove(Succession.Revived.class); // it comes before these phases
        for (Class<?> nested : SessionMessage.class.getDeclaredClasses()) {
            if (!nested.isInterface()) {
                kinds.add(nested);
            }
        }
        assertEquals(kinds, Inbox.kinds());
    }

    @Test
    void aMessageInAPhaseInWhichItCannotComeIsLoggedAndChangesNothing() {
        SessionRig rig = new SessionRig().loggedIn();
        rig.session().tell(new DataWait.Over(1));
        rig.expect("257 \"/\" is the current directory.", "PWD");
        AssertionError told = assertThrows(AssertionError.class, rig::close);
        String text = String.valueOf(told.getMessage());
        assertTrue(text.contains("is IDLE and got Over, which cannot come then"), text);
    }
}
