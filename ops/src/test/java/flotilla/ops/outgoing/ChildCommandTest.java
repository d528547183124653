package flotilla.ops.outgoing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.outgoing.ChildCommand.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ChildCommandTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofSeconds(1);

    @TempDir
    Path directory;

    private static Ended run(String... arguments) throws Exception {
        return new ChildCommand(List.of(arguments), LONG).run("input".getBytes(UTF_8));
    }

    @Test
    @DisplayName("a program gets its input and arguments as they are, and tells its output and exit code")
    void runs() throws Exception {
        assertEquals(new Ended(0, "input"), run("cat"));
        assertEquals(new Ended(0, "$HOME; echo *"), run("printf", "%s", "$HOME; echo *"));
        assertEquals(new Ended(3, "out\nerr"), run("sh", "-c", "echo out; echo err >&2; exit 3"));
    }

    @Test
    @DisplayName("a program that reads nothing and one that writes without end do not block")
    void pipes() throws Exception {
        byte[] large = new byte[1 << 20];
        assertEquals(0, new ChildCommand(List.of("true"), LONG).run(large).exit());
        Ended ended = run("sh", "-c", "head -c 3000000 /dev/zero | tr '\\0' x");
        assertEquals("x".repeat(ChildCommand.MOST_OUTPUT), ended.output());
    }

    @Test
    @DisplayName("a program has a process group of its own")
    void group() throws Exception {
        Ended ended = run("sh", "-c", "echo $$; cut -d ' ' -f 5 /proc/$$/stat");
        String[] lines = ended.output().split("\n", -1);
        assertEquals(lines[0], lines[1]);
    }

    @Test
    @DisplayName("a program that takes too long is killed with the processes that it began")
    void killed() throws Exception {
        Path child = directory.resolve("child");
        ChildCommand slow = new ChildCommand(
                List.of("sh", "-c", "(sh -c 'echo $$ > " + child + "; exec sleep 1000') & wait"), SHORT);
        IOException late = assertThrows(IOException.class, () -> slow.run(new byte[0]));
        assertEquals("sh did not end within 1000 ms", late.getMessage());
        assertGone(child);
    }

    @Test
    @DisplayName("a process that was left behind goes on and holds nobody up")
    void leftBehind() throws Exception {
        Path child = directory.resolve("child");
        Path end = directory.resolve("end");
        run(
                "sh",
                "-c",
                "sh -c 'echo $$ > " + child + "; until [ -e " + end + " ]; do sleep 0.1; done' & " + "while [ ! -s "
                        + child + " ]; do :; done");
        assertTrue(ProcessHandle.of(Long.parseLong(Files.readString(child).strip()))
                .orElseThrow()
                .isAlive());
        Files.createFile(end);
        assertGone(child);
    }

    private static void assertGone(Path file) throws Exception {
        Optional<ProcessHandle> left =
                ProcessHandle.of(Long.parseLong(Files.readString(file).strip()));
        if (left.isPresent()) {
            left.get().onExit().get(20, TimeUnit.SECONDS);
            assertFalse(left.get().isAlive());
        }
    }

    @Test
    @DisplayName("a program that is not there is told by its name")
    void missing() {
        IOException failure = assertThrows(IOException.class, () -> run("/nowhere/program", "secret"));
        assertTrue(failure.getMessage().startsWith("program cannot be started"), failure.getMessage());
        assertFalse(failure.getMessage().contains("secret"));
    }
}
