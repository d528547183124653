package flotilla.node.overview;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.node.overview.SessionQuery.Sort;
import flotilla.node.overview.SessionQuery.SortKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class MergeTest {
    private static SessionQuery query(boolean descending, SortKey after, int limit) {
        return new SessionQuery("", "", "", "", List.of(), Sort.SINCE, descending, after, limit);
    }

    private static SortKey key(long number) {
        return new SortKey(number, "", "s" + number);
    }

    private static Merge<SortKey> merge(boolean descending, int limit) {
        return new Merge<>(query(descending, SortKey.START, limit), Function.identity());
    }

    private static List<SortKey> keys(long... numbers) {
        return LongStream.of(numbers).mapToObj(MergeTest::key).toList();
    }

    @Test
    @DisplayName("pages of nodes become one in order, and the next one begins where it ends")
    void twoNodes() {
        Merge<SortKey> merge = merge(false, 3);
        merge.add(keys(1, 4, 5), true);
        merge.add(keys(2, 3), false);
        assertEquals(keys(1, 2, 3), merge.page());
        assertEquals(Optional.of(key(3)), merge.next());
    }

    @Test
    @DisplayName("behind the end of a page that was cut short nothing is shown: the node may have something before it")
    void cutShort() {
        Merge<SortKey> merge = merge(false, 10);
        merge.add(keys(1, 2), true);
        merge.add(keys(5, 6), false);
        assertEquals(keys(1, 2), merge.page());
        assertEquals(Optional.of(key(2)), merge.next());
    }

    @Test
    void descending() {
        Merge<SortKey> merge = merge(true, 2);
        merge.add(keys(9, 3), false);
        merge.add(keys(8), false);
        assertEquals(keys(9, 8), merge.page());
        assertEquals(Optional.of(key(8)), merge.next());
    }

    @Test
    @DisplayName("following the pages shows every item of every node once")
    void allPages() {
        List<List<SortKey>> nodes = List.of(keys(1, 2, 3, 10, 11), keys(4, 5, 6, 7), keys());
        List<SortKey> seen = new ArrayList<>();
        SortKey after = SortKey.START;
        for (int pages = 0; pages < 20; pages++) {
            SessionQuery query = query(false, after, 3);
            Merge<SortKey> merge = new Merge<>(query, Function.identity());
            for (List<SortKey> node : nodes) {
                List<SortKey> behind = node.stream().filter(query::isBehind).toList();
                merge.add(behind.stream().limit(2).toList(), behind.size() > 2);
            }
            seen.addAll(merge.page());
            if (merge.next().isEmpty()) {
                assertEquals(keys(1, 2, 3, 4, 5, 6, 7, 10, 11), seen);
                return;
            }
            after = merge.next().get();
        }
        assertTrue(false, () -> "no end: " + seen);
    }
}
