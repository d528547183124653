package flotilla.node.auth;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts what an authenticator answers. Safe for many threads. */
public final class Answers {
    /** The kinds of answers. */
    public enum Kind {
        KNOWN,
        REFUSED,
        UNKNOWN,
        /** It failed, came too late, or answered with an account that cannot be used. */
        FAILED
    }

    private final Map<Kind, LongAdder> counts = new EnumMap<>(Kind.class);

    Answers() {
        for (Kind kind : Kind.values()) {
            counts.put(kind, new LongAdder());
        }
    }

    void count(Kind kind) {
        adder(kind).increment();
    }

    /** Answers of that kind so far. */
    public long counted(Kind kind) {
        return adder(kind).sum();
    }

    private LongAdder adder(Kind kind) {
        return java.util.Objects.requireNonNull(counts.get(kind));
    }
}
