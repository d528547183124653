package flotilla.storage.model;

import flotilla.storage.ByteSink.Remains;
import flotilla.storage.WriteMode.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random steps on few names, so that they often collide. */
final class Steps {
    static final int SESSIONS = 3;
    static final int NODES = 2;
    static final List<String> DIRECTORIES = List.of("/d", "/e", "/d/i");
    static final List<String> FILES = List.of("/f", "/g", "/d/f", "/e/f", "/d/i/f", "/e/i/f");
    private static final int MAX_BYTES = 5;

    private Steps() {}

    /** Returns {@code count} steps. The same seed always gives the same steps. */
    static List<Step> random(long seed, int count) {
        Random random = new Random(seed);
        List<Step> steps = new ArrayList<>(count);
        while (steps.size() < count) {
            steps.add(step(random));
        }
        return steps;
    }

    private static Step step(Random random) {
        int session = random.nextInt(SESSIONS);
        int node = random.nextInt(NODES);
        int kind = random.nextInt(100);
        if (kind < 24) {
            Kind mode = Kind.values()[random.nextInt(Kind.values().length)];
            return new Step.Begin(session, node, any(random, FILES), mode, random.nextInt(2 * MAX_BYTES));
        } else if (kind < 44) {
            return new Step.Send(session, 1 + random.nextInt(MAX_BYTES));
        } else if (kind < 57) {
            return new Step.Commit(session);
        } else if (kind < 66) {
            return new Step.Abort(session, random.nextInt(3) == 0 ? Remains.DISCARD : Remains.KEEP);
        } else if (kind < 70) {
            return new Step.Crash(node);
        } else if (kind < 75) {
            return new Step.Delete(node, any(random, FILES));
        } else if (kind < 84) {
            return new Step.Rename(node, anyName(random), anyName(random), random.nextBoolean());
        } else if (kind < 90) {
            return new Step.MakeDirectory(node, any(random, DIRECTORIES));
        } else if (kind < 94) {
            return new Step.RemoveDirectory(node, any(random, DIRECTORIES));
        }
        return new Step.Look(node);
    }

    private static String anyName(Random random) {
        return any(random, random.nextInt(3) == 0 ? DIRECTORIES : FILES);
    }

    private static String any(Random random, List<String> names) {
        return names.get(random.nextInt(names.size()));
    }
}
