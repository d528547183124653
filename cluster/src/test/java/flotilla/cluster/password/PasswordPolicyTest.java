package flotilla.cluster.password;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class PasswordPolicyTest {
    private static final PasswordPolicy USUAL = new PasswordPolicy(8, true, true);

    private static void assertRefused(String key, String user, String password) {
        String problem = USUAL.problem(user, password).orElse("accepted");
        assertTrue(problem.contains("users.password." + key), password + ": " + problem);
    }

    @Test
    void shortNamesakesAndCommonPasswordsAreRefused() {
        assertRefused("min-length", "alice", "1234567");
        assertRefused("min-length", "alice", "");
        assertRefused("min-length", "alice", "\uD83D\uDE00".repeat(7));
        assertRefused("refuse-name", "christopher", "Christopher");
        assertRefused("refuse-name", "alice", "alice2026");
        assertRefused("refuse-name", "alice", "Alice-Alice");
        assertRefused("refuse-common", "alice", "Password1");
        assertRefused("refuse-common", "alice", "qwertzuiop");
    }

    @Test
    void otherPasswordsAreAccepted() {
        for (String password :
                new String[] {"correct horse", "alice in wonderland", "\uD83D\uDE00".repeat(8), "x7#kPq!2"}) {
            assertEquals(Optional.empty(), USUAL.problem("alice", password), password);
        }
        assertEquals(Optional.empty(), USUAL.problem("al", "also fine"), "the name is too short to matter");
    }

    @Test
    void eachRuleCanBeSwitchedOff() {
        assertEquals(Optional.empty(), new PasswordPolicy(1, false, false).problem("alice", "alice"));
        assertEquals(Optional.empty(), new PasswordPolicy(8, false, true).problem("alice", "alice2026"));
        assertEquals(Optional.empty(), new PasswordPolicy(8, true, false).problem("alice", "password"));
        assertTrue(PasswordPolicy.NONE.problem("alice", "").isPresent());
    }
}
