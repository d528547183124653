package flotilla.ops.top;

import flotilla.ops.client.AdminClient;
import flotilla.ops.top.TopState.Keystroke;
import flotilla.ops.top.TopState.Wish;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;
import org.jline.utils.NonBlockingReader;

/**
 * A live view of the cluster on a terminal, until its user ends it. One thread asks the API, which may take long; the
 * caller's thread draws and reads keys.
 */
public final class Top {
    private static final long KEY_MILLIS = 100;
    private static final long ESCAPE_MILLIS = 20;
    private static final int ESCAPE = 27;

    private final AdminClient api;
    private final Duration every;
    private final TopState state;
    private volatile TopQuery wanted;
    private volatile TopData data = TopData.NONE;
    private volatile boolean running = true;

    /**
     * Prepares a view.
     *
     * @param every the interval of the looks
     * @param filter a user, an address, or a state of sessions; empty for all
     */
    public Top(AdminClient api, Duration every, String filter) {
        this.api = api;
        this.every = every;
        this.state = new TopState(new TopQuery("active", true, filter, 1));
        this.wanted = state.query();
    }

    /**
     * Shows the view until q or the end of the input.
     *
     * @throws IllegalStateException when this process has no terminal
     */
    public void run() throws IOException {
        try (Terminal terminal =
                TerminalBuilder.builder().system(true).dumb(false).build()) {
            Attributes before = terminal.enterRawMode();
            terminal.puts(Capability.enter_ca_mode);
            terminal.puts(Capability.cursor_invisible);
            Thread feed = new Thread(this::feed, "flotilla-top");
            feed.setDaemon(true);
            try {
                feed.start();
                show(terminal);
            } finally {
                running = false;
                feed.interrupt();
                terminal.puts(Capability.cursor_visible);
                terminal.puts(Capability.exit_ca_mode);
                terminal.flush();
                terminal.setAttributes(before);
            }
        } catch (IllegalStateException noTerminal) {
            throw new IllegalStateException("flotilla top needs a terminal; use flotilla sessions and flotilla stats");
        }
    }

    private void feed() {
        TopFeed feed = new TopFeed(api);
        while (running) {
            TopQuery query = wanted;
            data = feed.next(query, data);
            awaitTurn(query);
        }
    }

    /** Waits until the next look, or until something else is wanted. */
    private synchronized void awaitTurn(TopQuery asked) {
        long until = System.nanoTime() + every.toNanos();
        try {
            while (running && wanted.equals(asked) && until - System.nanoTime() > 0) {
                wait(Math.max(1, (until - System.nanoTime()) / 1_000_000));
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void want(TopQuery query) {
        wanted = query;
        notifyAll();
    }

    private void show(Terminal terminal) throws IOException {
        Display display = new Display(terminal, true);
        Size drawn = new Size(0, 0);
        while (!state.isEnded()) {
            Size size = terminal.getSize();
            int width = Math.max(20, size.getColumns());
            int height = Math.max(TopScreen.FRAME + 1, size.getRows());
            if (!size.equals(drawn)) {
                display.clear();
                display.resize(height, width);
                drawn = size;
            }
            state.fits(height - TopScreen.FRAME);
            want(state.query());
            TopData now = data;
            state.shown(now.sessions().size());
            List<AttributedString> lines = new ArrayList<>(); // the display keeps it, and changes it when it scrolls
            TopScreen.lines(now, state.query(), state.selected(), state.bottom(), width, height)
                    .forEach(line -> lines.add(new AttributedString(line)));
            display.update(lines, 0);
            key(terminal.reader())
                    .flatMap(key -> state.key(key, now.sessions()))
                    .ifPresent(this::obey);
        }
    }

    private Optional<Keystroke> key(NonBlockingReader reader) throws IOException {
        int read = reader.read(KEY_MILLIS);
        if (read == NonBlockingReader.READ_EXPIRED) {
            return Optional.empty();
        }
        if (read < 0) {
            return Optional.of(new Keystroke("end"));
        }
        if (read != ESCAPE) {
            return Optional.of(Keystroke.of(read));
        }
        int next = reader.read(ESCAPE_MILLIS);
        if (next != '[' && next != 'O') {
            return Optional.of(new Keystroke("escape"));
        }
        return switch (reader.read(ESCAPE_MILLIS)) {
            case 'A' -> Optional.of(new Keystroke("up"));
            case 'B' -> Optional.of(new Keystroke("down"));
            default -> Optional.empty();
        };
    }

    private void obey(Wish wish) {
        String session = AdminClient.encoded(wish.session());
        try {
            switch (wish.order()) {
                case KICK -> api.post("sessions/" + session + "/kick", AdminClient.object());
                case FREEZE -> api.put("freezes/session/" + session, AdminClient.object());
                case THAW -> api.delete("freezes/session/" + session);
            }
            state.tell("done: " + wish.order().name().toLowerCase(java.util.Locale.ROOT) + " " + wish.session());
        } catch (AdminClient.Refused | IOException e) {
            state.tell(String.valueOf(e.getMessage()));
        }
    }
}
