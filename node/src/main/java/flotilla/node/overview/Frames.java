package flotilla.node.overview;

import flotilla.node.refusal.Refusal;
import flotilla.node.trace.TraceLine;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * Keeps the lists in messages so short that a frame of the remoting holds them. It drops a larger message, and whoever
 * asked waits in vain.
 */
final class Frames {
    /** Most bytes of a list; a frame holds about twice as many. */
    static final int BYTES = 128 * 1024;
    /** Bytes of a character at most, in UTF-8. */
    static final int WIDEST_CHARACTER = 3;

    private static final int ROW_BYTES = 100;

    private Frames() {}

    /** Returns the first refusals, as many as fit. */
    static List<Refusal> refusals(List<Refusal> all) {
        return first(
                all,
                one -> one.node().length()
                        + one.cause().length()
                        + one.user().length()
                        + one.address().length()
                        + one.session().length()
                        + one.what().length()
                        + one.detail().length());
    }

    /** Returns the first lines, as many as fit. */
    static List<TraceLine> lines(List<TraceLine> all) {
        return first(
                all,
                one -> one.node().length()
                        + one.session().length()
                        + one.user().length()
                        + one.address().length()
                        + one.request().length()
                        + one.reply().length());
    }

    private static <T> List<T> first(List<T> all, ToIntFunction<T> characters) {
        List<T> fitting = new ArrayList<>();
        int bytes = 0;
        for (T one : all) {
            bytes += ROW_BYTES + WIDEST_CHARACTER * characters.applyAsInt(one);
            if (bytes > BYTES && !fitting.isEmpty()) {
                break;
            }
            fitting.add(one);
        }
        return fitting;
    }
}
