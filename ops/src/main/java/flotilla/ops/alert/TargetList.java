package flotilla.ops.alert;

import flotilla.ops.alert.AlertSettings.Targets;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The targets that settings name. */
final class TargetList {
    private static final long FIRST_PAUSE_MILLIS = 1_000;

    private TargetList() {}

    /** @throws IOException when one cannot be used */
    static List<TargetQueue> open(Targets settings) throws IOException {
        List<Target> targets = new ArrayList<>();
        if (settings.log()) {
            targets.add(new LogTarget());
        }
        if (settings.webhook().isPresent()) {
            targets.add(new WebhookTarget(settings.webhook().get()));
        }
        if (settings.mail().isPresent()) {
            targets.add(new MailTarget(settings.mail().get()));
        }
        if (settings.command().isPresent()) {
            targets.add(new CommandTarget(settings.command().get()));
        }
        return targets.stream()
                .map(target -> new TargetQueue(target, settings.queue(), settings.tries(), FIRST_PAUSE_MILLIS))
                .toList();
    }
}
