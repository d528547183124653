package flotilla.node.tree;

import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The place that a home names: {@code NAME:/path} in the store NAME, and anything else in the default
 * store. {@link #among} knows which stores there are.
 *
 * @param store name of the store; empty for the default store
 * @param path the path in that store, relative to the store's root in a store with a name
 */
public record HomePlace(String store, String path) {
    private static final Pattern NAMED = Pattern.compile("([a-z][a-z0-9-]{0,31}):/+(.*)", Pattern.DOTALL);

    /**
     * The name of the default store in {@code local:/path}, where no other store has it. The path is then absolute, or
     * lies in the default store if that has a name.
     */
    public static final String LOCAL = "local";

    /** Reads a home of an account, or the place of a mount. */
    public static HomePlace of(String home) {
        Matcher named = NAMED.matcher(home);
        return named.matches() ? new HomePlace(named.group(1), named.group(2)) : new HomePlace("", home);
    }

    /** The same place among the stores of these names: {@link #LOCAL} may mean the default store. */
    public HomePlace among(Collection<String> stores) {
        return store.equals(LOCAL) && !stores.contains(LOCAL) ? new HomePlace("", "/" + path) : this;
    }
}
