package flotilla.ops.console;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Makes stages. */
final class Later {
    private Later() {}

    static <T> CompletionStage<T> of(T value) {
        return CompletableFuture.completedFuture(value);
    }
}
