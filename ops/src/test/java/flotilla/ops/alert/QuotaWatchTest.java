package flotilla.ops.alert;

import static org.junit.jupiter.api.Assertions.assertEquals;

import flotilla.cluster.AlertBoard;
import flotilla.cluster.AlertBoard.Reading;
import flotilla.cluster.QuotaLedger;
import flotilla.cluster.QuotaLedger.Usage;
import flotilla.cluster.User;
import flotilla.cluster.UserDirectory;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class QuotaWatchTest {
    private static final int LOOKS = 10;

    private final SharedBoards boards = new SharedBoards();
    private final Map<String, Long> used = new HashMap<>();
    private final List<User> present = new ArrayList<>();
    private boolean away;

    private QuotaWatch watch(AlertBoard board) {
        UserDirectory users = proxy(UserDirectory.class, name -> Optional.of(user(name)));
        QuotaLedger quotas = proxy(QuotaLedger.class, name -> Optional.of(new Usage(used.getOrDefault(name, 0L), 0)));
        return new QuotaWatch(board, users, quotas, () -> present);
    }

    private interface Find {
        Object of(String name);
    }

    private <T> T proxy(Class<T> type, Find find) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> away
                        ? CompletableFuture.failedFuture(new IllegalStateException("away"))
                        : CompletableFuture.completedFuture(find.of((String) arguments[0]))));
    }

    private static User user(String name) {
        return new User(
                name,
                "",
                "/" + name,
                List.of(),
                false,
                List.of(),
                0,
                0,
                0,
                0,
                100,
                0,
                null,
                true,
                User.TlsRequirement.LISTENER,
                false,
                List.of(),
                List.of(),
                "",
                "",
                "",
                List.of());
    }

    private static List<String> subjects(List<Reading> readings) {
        return readings.stream().map(Reading::subject).toList();
    }

    @Test
    void ofMoreUsersThanALookReadsEachHasItsTurnAndStays() throws Exception {
        for (int i = 1_000; i < 1_500; i++) {
            present.add(user("u" + i));
        }
        used.put("u1001", 95L);
        used.put("u1499", 96L);
        QuotaWatch watch = watch(boards.join("one"));
        List<Reading> last = List.of();
        for (int i = 0; i < 4 * LOOKS; i++) {
            last = watch.read();
        }
        assertEquals(List.of("u1001", "u1499"), subjects(last));
        present.clear();
        for (int i = 0; i < LOOKS; i++) {
            last = watch.read();
        }
        assertEquals(List.of(), subjects(last));
    }

    @Test
    void theNextEvaluatorKnowsTheUsersWithAnAlertAtOnceAlsoWhenNothingAnswers() throws Exception {
        boards.join("one");
        QuotaWatch watch = watch(boards.join("two"));
        AlertBoard.Alert full = new AlertBoard.Alert("id", Rules.QUOTA, "anna", 1, true, 91, "", 0, Set.of());
        boards.alerts.put(full.key(), full);
        used.put("anna", 92L);
        assertEquals(List.of(), watch.read());
        away = true;
        boards.kill("one");
        assertEquals(List.of(new Reading(Rules.QUOTA, "anna", 91, "")), watch.read());
        away = false;
        for (int i = 0; i < LOOKS; i++) {
            watch.read();
        }
        assertEquals(List.of(new Reading(Rules.QUOTA, "anna", 92, "")), watch.read());
    }
}
