package flotilla.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.cli.InitQuestions.Answers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InitQuestionsTest {
    private final List<String> questions = new ArrayList<>();

    private Answers asked(String... lines) {
        Deque<String> left = new ArrayDeque<>(List.of(lines));
        Terminal terminal = new Terminal() {
            @Override
            public String line(String question) {
                questions.add(question);
                return left.isEmpty() ? "" : left.pop();
            }

            @Override
            public String secret(String question) {
                return line(question);
            }
        };
        return new InitQuestions(terminal).ask("ftp.example.org", 21, 990, "21000-21049");
    }

    @Test
    void returnTakesWhatIsProposed() {
        assertEquals(
                new Answers(
                        "ftp.example.org",
                        21,
                        990,
                        "21000-21049",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()),
                asked());
        assertEquals("Port with AUTH TLS, 0 for none [21]:", questions.get(1));
    }

    @Test
    void eachAnswerCounts(@TempDir Path directory) throws Exception {
        Path own = Files.createFile(directory.resolve("own.pem"));
        assertEquals(
                new Answers(
                        "a.example",
                        2121,
                        0,
                        "30000-30009",
                        Optional.of("192.0.2.1"),
                        Optional.of(own),
                        Optional.of("alice"),
                        Optional.of("pass phrase")),
                asked(
                        "a.example",
                        "2121",
                        "0",
                        "30000-30009",
                        "192.0.2.1",
                        own.toString(),
                        "alice",
                        "pass phrase",
                        "pass phrase"));
    }

    @Test
    void aWrongAnswerIsToldAndAskedAgain() {
        Answers answers = asked("", "port 21", "70000", "2121");
        assertEquals(2121, answers.explicitPort());
        assertTrue(questions.get(2).startsWith("a port is a number from 0 to 65535.\nPort with AUTH TLS"));
        assertThrows(IllegalStateException.class, () -> asked("", "x", "x", "x", "x", "x"));
    }

    @Test
    void passwordsThatDifferAreAskedAgain() {
        Answers answers = asked("", "", "", "", "", "", "alice", "one", "two", "three", "three");
        assertEquals(Optional.of("three"), answers.password());
        assertFalse(answers.toString().contains("three"));
    }
}
