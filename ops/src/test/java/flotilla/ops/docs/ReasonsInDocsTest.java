package flotilla.ops.docs;

import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.node.event.NodeEvent;
import flotilla.node.event.Reasons;
import flotilla.node.transfer.TransferResult;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ReasonsInDocsTest {
    @Test
    @DisplayName("the page of the logs names every reason, by the name that logs and metrics have for it")
    void all() throws IOException {
        String page = Files.readString(Page.ROOT.resolve("docs/reference/logs.md"));
        for (Class<? extends Enum<?>> reasons : List.<Class<? extends Enum<?>>>of(
                NodeEvent.LoginFailure.class,
                NodeEvent.Refusal.class,
                NodeEvent.Limit.class,
                NodeEvent.Stray.class,
                TransferResult.Ending.class)) {
            for (Enum<?> reason : reasons.getEnumConstants()) {
                String name = Reasons.name(reason);
                assertTrue(
                        page.matches("(?s).*[ `|]" + name + "[` ,;|].*"),
                        "docs/reference/logs.md lacks " + name + " of " + reasons.getSimpleName());
            }
        }
    }
}
