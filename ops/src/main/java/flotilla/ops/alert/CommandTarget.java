package flotilla.ops.alert;

import flotilla.ops.alert.AlertSettings.Command;
import flotilla.ops.outgoing.ChildCommand;
import java.io.IOException;

/** Runs a program with the alert as JSON on its standard input. The exit code 0 takes it. */
final class CommandTarget implements Target {
    static final String NAME = "command";

    private final ChildCommand command;

    CommandTarget(Command settings) {
        this.command = new ChildCommand(settings.arguments(), settings.timeout());
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void tell(Notice notice) throws IOException, InterruptedException {
        ChildCommand.Ended ended = command.run(NoticeJson.bytes(notice));
        if (ended.exit() != 0) {
            throw new IOException(command.place() + " ended with " + ended.exit());
        }
    }
}
