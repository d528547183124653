package flotilla.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.QuotaLedger.Usage;
import flotilla.cluster.QuotaRecord.Hold;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Compares the book with a home that three sessions on two nodes change. Their steps come in any order, while counts go
 * on, nodes die, answers are lost and all nodes restart. A book that is not in doubt has the true usage. A count that
 * is entered was right at that moment.
 */
class QuotaModelTest {
    private static final int SEEDS = 1_000;
    private static final int STEPS = 250;
    private static final long LIMIT = 100;

    @Test
    void aBookSaysWhatIsThere() {
        int sure = 0;
        int entered = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            Run run = run(seed, STEPS);
            sure += run.sure;
            entered += run.entered;
        }
        assertTrue(sure > SEEDS / 10, "a book is hardly ever sure: " + sure);
        assertTrue(entered > SEEDS, "a count is hardly ever entered: " + entered);
    }

    /** Runs a seed. If it fails, the failure names the fewest steps that reproduce it. */
    private static Run run(long seed, int steps) {
        try {
            return new Run(seed).steps(steps);
        } catch (AssertionError failure) {
            for (int fewer = 1; fewer < steps; fewer++) {
                Run shorter = new Run(seed);
                try {
                    shorter.steps(fewer);
                } catch (AssertionError first) {
                    throw new AssertionError(
                            "seed " + seed + ", " + fewer + " steps: " + first.getMessage() + "\n"
                                    + String.join("\n", shorter.told),
                            first);
                }
            }
            throw failure;
        }
    }

    /** The work of a session, one step after the other. */
    private static final class Work {
        private final String id;
        private final int node;
        private final boolean isUpload;
        private final String name;
        private final long size;
        private long held;
        private boolean shown;
        private boolean committed;
        private Usage change = Usage.NOTHING;

        private Work(String id, int node, boolean isUpload, String name, long size) {
            this.id = id;
            this.node = node;
            this.isUpload = isUpload;
            this.name = name;
            this.size = size;
        }
    }

    /** A count of the home, one name after the other. */
    private static final class Walk {
        private final long number;
        private String last = "";
        private long bytes;
        private long files;

        private Walk(long number) {
            this.number = number;
        }
    }

    private static final class Run {
        private final Random random;
        private final TreeMap<String, Long> home = new TreeMap<>();
        private final Set<String> locks = new HashSet<>();
        private final List<String> told = new ArrayList<>();
        private final UUID[] members = {new UUID(0, 1), new UUID(0, 2)};
        private final @Nullable Work[] works = new Work[3];
        private final @Nullable Walk[] walks = new Walk[2];
        private QuotaRecord book = QuotaRecord.UNCOUNTED.counted(Usage.NOTHING, 1);
        private int next = 2;
        private int sure;
        private int entered;

        private Run(long seed) {
            random = new Random(seed);
        }

        private Run steps(int count) {
            for (int i = 0; i < count; i++) {
                step();
                checkHolds();
            }
            for (int session = 0; session < works.length; session++) {
                while (works[session] != null) {
                    advance(session);
                }
            }
            checkAtRest();
            return this;
        }

        private void step() {
            int what = random.nextInt(100);
            if (what < 70) {
                int session = random.nextInt(works.length);
                if (works[session] == null) {
                    begin(session);
                } else {
                    advance(session);
                }
            } else if (what < 97) {
                walk(random.nextInt(walks.length));
            } else if (what < 99) {
                kill(random.nextInt(members.length));
            } else if (random.nextInt(4) == 0) {
                startAnew();
            }
        }

        private void begin(int session) {
            String name = String.valueOf((char) ('a' + random.nextInt(6)));
            boolean isUpload = random.nextInt(3) > 0;
            if ((isUpload || home.containsKey(name)) && locks.add(name)) {
                works[session] = new Work("w" + next++, session == 2 ? 1 : 0, isUpload, name, random.nextInt(60));
                tell("session %d begins %s of %s", session, isUpload ? "an upload" : "a removal", name);
            }
        }

        private void advance(int session) {
            Work work = Objects.requireNonNull(works[session]);
            if (random.nextInt(12) == 0 && !work.committed) {
                boolean certain = !work.shown;
                if (!certain && random.nextBoolean()) {
                    commit(work);
                    work.committed = false;
                }
                end(session, work, certain);
            } else if (work.isUpload && work.held < work.size) {
                grow(session, work);
            } else if (!work.shown) {
                work.shown = true;
                take(work, true);
            } else if (!work.committed) {
                commit(work);
            } else {
                end(session, work, true);
            }
        }

        private void grow(int session, Work work) {
            long target = Math.min(work.size, work.held + 1 + random.nextInt(20));
            long more = target - book.hold(work.id).map(Hold::bytes).orElse(0L);
            if (book.bytes() + more > LIMIT) {
                end(session, work, true);
                return;
            }
            work.held = target;
            take(work, false);
            assertTrue(book.bytes() <= LIMIT, "more was granted than there may be: " + book);
        }

        private void take(Work work, boolean shown) {
            int times = 1 + (random.nextInt(10) == 0 ? 1 : 0);
            for (int i = 0; i < times; i++) {
                book = book.with(new Hold(work.id, members[work.node], work.held, work.isUpload ? 1 : 0, shown));
            }
            tell("%s holds %d, %s", work.id, work.held, shown ? "shown" : "hidden");
        }

        private void commit(Work work) {
            work.committed = true;
            Long before = work.isUpload ? home.put(work.name, work.size) : home.remove(work.name);
            long added = work.isUpload ? work.size : 0;
            work.change = new Usage(
                    added - (before == null ? 0 : before), (work.isUpload ? 1 : 0) - (before == null ? 0 : 1));
            tell("%s changes %s by %s", work.id, work.name, work.change);
        }

        private void end(int session, Work work, boolean certain) {
            Usage change = work.committed ? work.change : Usage.NOTHING;
            if (book.hold(work.id).isPresent()) {
                book = book.settle(work.id, change, certain);
                if (random.nextInt(20) == 0) {
                    Usage once = book.stored();
                    book = book.settle(work.id, change, certain);
                    assertEquals(once, book.stored(), "a change was booked twice");
                }
            }
            tell("%s ends with %s", work.id, change);
            locks.remove(work.name);
            works[session] = null;
        }

        private void walk(int which) {
            Walk walk = walks[which];
            if (walk == null) {
                Optional<QuotaRecord> begun = book.beginCount(next++);
                begun.ifPresent(counting -> {
                    book = counting;
                    walks[which] = new Walk(counting.stillness());
                    tell("count %d begins", which);
                });
                return;
            }
            String name = home.higherKey(walk.last);
            if (name != null) {
                walk.last = name;
                walk.bytes += home.getOrDefault(name, 0L);
                walk.files++;
                return;
            }
            walks[which] = null;
            Usage counted = new Usage(walk.bytes, walk.files);
            book.endCount(walk.number, counted, next++).ifPresent(after -> {
                book = after;
                entered++;
                tell("count %d enters %s", which, counted);
                assertEquals(there(), book.stored(), "a count that was wrong was entered");
            });
        }

        private void kill(int node) {
            tell("node %d dies", node);
            for (int session = 0; session < works.length; session++) {
                Work work = works[session];
                if (work != null && work.node == node) {
                    locks.remove(work.name);
                    works[session] = null;
                }
            }
            book = book.drop(members[node]);
            members[node] = new UUID(0, next++);
        }

        private void startAnew() {
            tell("all nodes die and start anew");
            Arrays.fill(works, null);
            Arrays.fill(walks, null);
            locks.clear();
            book = QuotaRecord.stored(book.stored());
        }

        private Usage there() {
            return new Usage(home.values().stream().mapToLong(Long::longValue).sum(), home.size());
        }

        /** Checks that every hold belongs to work that has not ended. */
        private void checkHolds() {
            for (Hold hold : book.holds()) {
                assertTrue(
                        Arrays.stream(works).anyMatch(work -> work != null && work.id.equals(hold.id())),
                        "nobody gives back " + hold);
            }
        }

        private void checkAtRest() {
            assertEquals(List.of(), book.holds());
            if (book.checked() != 0) {
                sure++;
                assertEquals(there(), book.stored());
            }
            QuotaRecord counting = book.beginCount(next++).orElseThrow();
            book = counting.endCount(counting.stillness(), there(), 1).orElseThrow();
            assertEquals(there(), book.total());
        }

        private void tell(String format, Object... values) {
            told.add(String.format(Locale.ROOT, format, values));
        }
    }
}
