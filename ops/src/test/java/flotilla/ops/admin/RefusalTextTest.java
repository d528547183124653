package flotilla.ops.admin;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.node.event.NodeEvent;
import flotilla.node.event.Reasons;
import flotilla.node.refusal.Refusal;
import flotilla.node.transfer.TransferResult.Ending;
import flotilla.ops.cli.FlotillaCommand;
import flotilla.ops.config.Sources;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class RefusalTextTest {
    private static final Pattern COMMAND = Pattern.compile("flotilla ([a-z-]+)(?: ([a-z-]+))?");

    private static List<String> causes() {
        List<String> causes = new ArrayList<>(List.of(
                "data-none",
                "data-stray",
                "command-refused",
                "address-banned",
                "closed-idle-timeout",
                "closed-login-timeout",
                "closed-lifetime-over",
                "closed-client-does-not-read-replies",
                "closed-overlong-lines"));
        add(causes, "login-", NodeEvent.LoginFailure.values());
        add(causes, "refused-", NodeEvent.Refusal.values());
        add(causes, "limit-", NodeEvent.Limit.values());
        add(causes, "transfer-", Ending.values());
        return causes;
    }

    private static void add(List<String> causes, String kind, Enum<?>... reasons) {
        Arrays.stream(reasons).forEach(reason -> causes.add(kind + Reasons.name(reason)));
    }

    private static RefusalText.Explained explained(String cause) {
        return RefusalText.of(new Refusal(
                Instant.EPOCH, "node-1", cause, "alice", "192.0.2.1", "s", "upload of /a", "a detail", 550));
    }

    @Test
    void everyCauseHasASentenceAndAHelp() {
        for (String cause : causes()) {
            RefusalText.Explained explained = explained(cause);
            assertTrue(explained.says().contains(" "), cause);
            assertFalse(explained.help().isBlank(), cause);
            assertFalse(explained.says().equals(cause.replace('-', ' ') + "."), cause + " has no sentence of its own");
        }
    }

    @Test
    void everyCommandThatHelpsExists() {
        CommandLine all = FlotillaCommand.parser();
        for (String cause : causes()) {
            Matcher named = COMMAND.matcher(explained(cause).help());
            while (named.find()) {
                CommandLine command = all.getSubcommands().get(named.group(1));
                assertNotNull(command, cause + ": " + named.group());
                if (!command.getSubcommands().isEmpty()) {
                    assertNotNull(command.getSubcommands().get(named.group(2)), cause + ": " + named.group());
                }
            }
        }
    }

    @Test
    void aKeyThatIsToBeSetExists() {
        Pattern set = Pattern.compile("flotilla set ([a-z.-]+)");
        String reference = new String(reference(), java.nio.charset.StandardCharsets.UTF_8);
        for (String cause : causes()) {
            Matcher named = set.matcher(explained(cause).help());
            while (named.find()) {
                String key = named.group(1).substring(named.group(1).lastIndexOf('.') + 1);
                assertTrue(reference.contains("    " + key + " = "), cause + ": " + named.group(1));
            }
        }
    }

    private static byte[] reference() {
        try (java.io.InputStream in = Sources.class.getResourceAsStream("/flotilla/reference.conf")) {
            return java.util.Objects.requireNonNull(in).readAllBytes();
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
