package flotilla.node.data;

import flotilla.node.transfer.Transfer;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Bytes that the data connections of a node have moved since it started, counted as they move. */
public final class Traffic {
    /** Which way, and what. */
    public enum Direction {
        UPLOAD,
        DOWNLOAD,
        LISTING;

        public static Direction of(Transfer transfer) {
            return transfer.isUpload() ? UPLOAD : transfer instanceof Transfer.Send ? DOWNLOAD : LISTING;
        }
    }

    private final Map<Direction, LongAdder> moved = new EnumMap<>(Direction.class);

    Traffic() {
        for (Direction direction : Direction.values()) {
            moved.put(direction, new LongAdder());
        }
    }

    /** What transfers of a direction add to. */
    LongAdder counter(Direction direction) {
        LongAdder counter = moved.get(direction);
        if (counter == null) {
            throw new IllegalArgumentException(direction.toString());
        }
        return counter;
    }

    /** Bytes so far, without those of TLS. */
    public long bytes(Direction direction) {
        return counter(direction).sum();
    }
}
