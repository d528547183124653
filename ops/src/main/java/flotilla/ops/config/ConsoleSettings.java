package flotilla.ops.config;

import java.time.Duration;
import java.util.List;

/**
 * The settings of the console in browsers.
 *
 * @param enabled whether the admin API has it
 * @param hosts names by which browsers may reach it, in lower case, besides addresses and this machine's own name
 * @param idle time without use after which a sign-in ends
 * @param longest time after which a sign-in ends in any case
 * @param maxStreams most pages at a time that are kept up to date
 */
public record ConsoleSettings(boolean enabled, List<String> hosts, Duration idle, Duration longest, int maxStreams) {
    public ConsoleSettings {
        hosts = List.copyOf(hosts);
    }
}
