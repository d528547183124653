package flotilla.node.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.node.access.UserList.Mode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists of user names. */
class UserListTest {
    private static final String VSFTPD = "# vsftpd userlist\n# If userlist_deny=NO, only allow users in this file\n\n"
            + "root\r\n  bin\n#daemon\nnobody\n";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private UserList open(Mode mode, String text) throws Exception {
        Path file = Files.writeString(directory.resolve("user_list"), text);
        return UserList.open(new UserList.Settings(mode, Optional.of(file), 1000));
    }

    @Test
    void theFileOfVsftpdIsUnderstood() throws Exception {
        UserList denied = open(Mode.DENY, VSFTPD);
        UserList allowed = open(Mode.ALLOW, VSFTPD);
        for (String listed : new String[] {"root", "bin", "nobody"}) {
            assertFalse(denied.allows(listed));
            assertTrue(allowed.allows(listed));
        }
        for (String other : new String[] {"alice", "daemon", "#daemon", "Root", "", "# vsftpd userlist"}) {
            assertTrue(denied.allows(other), other);
            assertFalse(allowed.allows(other), other);
        }
        assertTrue(open(Mode.OFF, VSFTPD).allows("root"));
    }

    @Test
    void aChangedFileCountsAndOneThatCannotBeUsedDoesNot() throws Exception {
        UserList list = open(Mode.DENY, "root\n");
        Path file = directory.resolve("user_list");
        Files.writeString(file, "alice\n");
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000));
        list.look();
        assertTrue(list.allows("root"));
        assertFalse(list.allows("alice"));
        Files.writeString(file, "x".repeat(1001));
        Files.setLastModifiedTime(file, FileTime.fromMillis(2_000));
        list.look();
        Files.delete(file);
        list.look();
        assertFalse(list.allows("alice"), "the last good list stays");
        Files.writeString(file, "bob\n");
        list.look();
        assertFalse(list.allows("bob"));
    }

    @Test
    void aListThatCannotBeReadAtTheStartIsAProblem() {
        Path missing = directory.resolve("missing");
        ListProblem problem = assertThrows(
                ListProblem.class, () -> UserList.open(new UserList.Settings(Mode.DENY, Optional.of(missing), 10)));
        assertTrue(String.valueOf(problem.getMessage()).startsWith(missing + " cannot be read"), problem::toString);
        problem = assertThrows(ListProblem.class, () -> open(Mode.DENY, "x".repeat(1001)));
        assertEquals(directory.resolve("user_list") + " has more than 1000 bytes", problem.getMessage());
    }
}
