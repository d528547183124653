package flotilla.cluster;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Values of configuration keys that hold on every node, in place of those in the nodes' files. They are in the database
 * of the accounts, so they survive a restart of all nodes. Which keys and values make sense is for the caller to check.
 *
 * <p>Stages fail when the database does not answer in time. The change may have been made all the same.
 */
public interface Overrides {
    /** Most characters of a value. */
    int MAX_VALUE = 4000;

    /** Most keys. */
    int MAX_KEYS = 1000;

    /**
     * The value of a key.
     *
     * @param value as the command line gives it
     * @param since when it was set
     * @param by the operator, at most 255 characters
     */
    record Value(String value, Instant since, String by) {}

    /** The values in force on this node, by key. Reads this node's memory and never blocks. */
    Map<String, Value> all();

    /**
     * Sets a key. Other nodes learn of it within a second. Completes with the value as all nodes will have it.
     *
     * @throws IllegalArgumentException when the value has more than {@link #MAX_VALUE} characters
     */
    CompletionStage<Value> set(String key, String value, String by);

    /**
     * Sets a key whose value still is as the caller knows it; otherwise as {@link #set}.
     *
     * @param before the value as it was; empty for a key without one
     * @return empty, without a change, when the key has another value by now
     */
    CompletionStage<Optional<Value>> setIf(String key, Optional<Value> before, String value, String by);

    /** Removes a value that still is as the caller knows it. Completes with false, without a change, if it is not. */
    CompletionStage<Boolean> unsetIf(String key, Value before);

    /** Removes the value of a key. Completes with false if there was none. */
    CompletionStage<Boolean> unset(String key);

    /** Calls {@code listener} after each change on this node's memory, until the result is closed. It must not block. */
    AutoCloseable onChange(Runnable listener);
}
