package flotilla.cluster;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What old clients need and others must not have. The server, a listener and an account can each say yes or no; the narrowest one counts. */
public enum Leniency {
    /** An upload may end by FIN alone: a cut connection then looks like the end of the file. */
    ACCEPT_MISSING_CLOSE_NOTIFY,
    /** TYPE A transfers bytes as they are. */
    ASCII_AS_BINARY,
    /** PROT is taken without PBSZ. */
    LENIENT_PBSZ;

    /** As in the configuration: {@code accept-missing-close-notify}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What {@code said} says of this, as {@link #saying} writes it; empty when it leaves it to the listener. What no node of this version knows is nothing. */
    public Optional<Boolean> in(List<String> said) {
        return Arrays.stream(new Boolean[] {true, false})
                .filter(answer -> said.contains(text(answer)))
                .findFirst();
    }

    /** The same list with another answer of this. @param answer empty: none of its own */
    public List<String> saying(Optional<Boolean> answer, List<String> said) {
        return Stream.concat(
                        said.stream().filter(other -> !other.equals(text(true)) && !other.equals(text(false))),
                        answer.map(this::text).stream())
                .sorted()
                .toList();
    }

    private String text(boolean answer) {
        return key() + "=" + (answer ? "yes" : "no");
    }
}
