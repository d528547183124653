package flotilla.ops.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs the tests of the checker that {@code verify-cluster histories} trusts. */
@Timeout(120)
class HistoriesTest {
    @Test
    void theJudgeOfHistoriesFindsWhatIsWrongAndOnlyThat() throws Exception {
        Process tests = new ProcessBuilder("python3", "-B", "-m", "unittest", "-v", "harness.fleet.test_histories")
                .redirectErrorStream(true)
                .start();
        String output = new String(tests.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, tests.waitFor(), output);
        assertTrue(output.contains("test_an_older_file_does_not_come_back") && output.endsWith("OK\n"), output);
    }
}
