package flotilla.cluster;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A concession to old clients that other clients must not get. The server, a listener and an account can each allow or
 * deny it; the narrowest one that does decides.
 */
public enum Leniency {
    /**
     * An upload may end without TLS close_notify (RFC 8446, section 6.1). A cut connection then looks like the end of
     * the file.
     */
    ACCEPT_MISSING_CLOSE_NOTIFY,
    /** TYPE A transfers bytes unchanged. */
    ASCII_AS_BINARY,
    /** PROT is accepted without an earlier PBSZ (RFC 2228, section 3). */
    LENIENT_PBSZ;

    /** The name in the configuration, such as {@code accept-missing-close-notify}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The answer of an account's list to this leniency; empty when the list leaves it to the listener. Entries that
     * this version does not know are ignored.
     *
     * @param said a list such as {@code ascii-as-binary=yes}, as {@link #saying} writes it
     */
    public Optional<Boolean> in(List<String> said) {
        return Arrays.stream(new Boolean[] {true, false})
                .filter(answer -> said.contains(text(answer)))
                .findFirst();
    }

    /**
     * A sorted copy of an account's list with another answer to this leniency.
     *
     * @param answer the new answer; empty leaves it to the listener
     * @param said the list
     */
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
