package flotilla.node.data;

import flotilla.node.transfer.Transfer;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Bytes that the data connections of a node have moved since its start, counted while they move. */
public final class Traffic {
    /** The direction and kind of a transfer. */
    public enum Direction {
        UPLOAD,
        DOWNLOAD,
        LISTING;

        /** The direction of a transfer. */
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

    /** The counter of a direction. */
    LongAdder counter(Direction direction) {
        LongAdder counter = moved.get(direction);
        if (counter == null) {
            throw new IllegalArgumentException(direction.toString());
        }
        return counter;
    }

    /** Number of bytes so far, without the overhead of TLS. */
    public long bytes(Direction direction) {
        return counter(direction).sum();
    }
}
