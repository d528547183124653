package flotilla.node.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.node.protocol.Request;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallTest {
    private final CommandTable table = CommandTable.standard();

    private Call call(String line) {
        return table.call(Request.parse(line.getBytes(UTF_8)).request().orElseThrow());
    }

    /**
     * Lines with secrets: all verbs that declare one, and the sub-command by which clients change passwords on other
     * servers.
     */
    static Stream<String> secrets() {
        Stream<String> verbs = Stream.concat(
                Stream.of("PASS", "ACCT"),
                CommandTable.standard().specs().stream()
                        .filter(spec -> spec.does(Effect.SECRET_ARGUMENT))
                        .flatMap(spec -> spec.names().stream()));
        return Stream.concat(
                verbs.distinct()
                        .flatMap(verb -> Stream.of(verb, verb.toLowerCase(Locale.ROOT), "  " + verb))
                        .flatMap(verb -> Stream.of(verb + " s3cret", verb + "  a s3cret b")),
                Stream.of(
                        "SITE PSWD s3cret s3cret",
                        "site pswd s3cret",
                        "Site pSwD s3cret",
                        "  SITE PSWD s3cret",
                        "SITE  PSWD s3cret",
                        "SITE \u2003PSWD s3cret",
                        "SITE \u00a0PSWD s3cret",
                        "SITE PSWD  s3cret",
                        "SITE PSWD/s3cret",
                        "SITE PSWDs3cret"));
    }

    @ParameterizedTest
    @MethodSource("secrets")
    void aSecretArgumentIsNotShown(String line) {
        Call call = call(line);
        for (String shown : List.of(call.redacted(), call.shownArgument(), call.toString())) {
            assertFalse(shown.contains("s3cret"), shown);
        }
        assertTrue(call.redacted().endsWith(" ***"), call.redacted());
    }

    @Test
    void otherArgumentsAreShown() {
        assertEquals("USER alice", call("user alice").redacted());
        assertEquals("SITE CHMOD 644 x", call("SITE CHMOD 644 x").redacted());
        assertEquals("NOOP", call("NOOP").redacted());
        assertEquals("XYZZY  a", call("xyzzy  a").redacted());
    }

    @ParameterizedTest
    @ValueSource(strings = {"MDTM f", "MDTM 20200102030405", "SITE WHO", "SITE HELP CHMOD", "SITE EXEC CHMOD", "SITE"})
    void someFormsOfAVerbChangeNothing(String line) {
        assertFalse(call(line).does(Effect.CHANGES_FILES));
    }

    @ParameterizedTest
    @ValueSource(strings = {"MDTM 20200102030405 f", "site chmod 600 f", "SITE UTIME x", "SITE  CHMOD 600 f"})
    void someFormsOfAVerbChangeFiles(String line) {
        assertTrue(call(line).does(Effect.CHANGES_FILES));
    }

    @Test
    void nobodyKnowsWhatAnUnknownVerbDoes() {
        assertEquals(0, call("XYZZY a").effects().size());
        assertEquals("500 Unknown command.", new CommandRig().run("XYZZY a"));
    }
}
