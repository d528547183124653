package flotilla.node.tree;

import flotilla.storage.StorageBackend;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.StorageProvider;
import flotilla.storage.Store;
import flotilla.storage.StoreResources;
import flotilla.storage.StoreSettings;
import flotilla.storage.sealed.SealedStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The stores of a node, by name. A home leads into one of them, see {@link HomePlace}. */
public final class Stores implements Backends {
    private static final Logger LOG = LoggerFactory.getLogger(Stores.class);

    /** The key of any store that says whether nobody can do without it: then the node is not ready while it is away. */
    private static final String REQUIRED = "required";

    private final Map<String, Store> byName = new TreeMap<>();
    private final Map<String, Store> probed = new TreeMap<>();
    private Optional<RequiredStores> watch = Optional.empty();
    private final String standard;
    private final Executor blocking;

    private Stores(String standard, Executor blocking) {
        this.standard = standard;
        this.blocking = blocking;
    }

    /**
     * Opens stores through the {@link StorageProvider}s on the class path.
     *
     * @param standard name of the store of homes that name none
     * @param resources what all stores of this node share
     * @param blocking runs the checks for room
     * @throws IllegalStateException when a store has no provider, or its provider refuses the settings
     */
    public static Stores open(
            List<StoreSettings> settings, String standard, StoreResources resources, Executor blocking) {
        Stores stores = new Stores(standard, blocking);
        try {
            Map<String, StorageProvider> providers = providers();
            for (StoreSettings each : settings) {
                Store made = made(each, resources, providers);
                stores.byName.put(each.name(), made);
                if (isRequired(each) && !hasMarker(each)) {
                    stores.probed.put(each.name(), made);
                }
            }
        } catch (IllegalArgumentException | ServiceConfigurationError | LinkageError e) {
            stores.close();
            throw new IllegalStateException(String.valueOf(e.getMessage()), e);
        }
        return stores;
    }

    /** Returns why stores cannot be opened, by name. */
    public static Map<String, String> problems(List<StoreSettings> settings) {
        Map<String, String> problems = new TreeMap<>();
        for (StoreSettings each : settings) {
            try {
                open(List.of(each), each.name(), StoreResources.of(1, 1), Runnable::run)
                        .close();
            } catch (IllegalStateException e) {
                problems.put(each.name(), String.valueOf(e.getMessage()));
            }
        }
        return problems;
    }

    /**
     * Returns whether nobody can do without a store: the default store, and those that say so.
     *
     * @throws IllegalArgumentException when the key is neither true nor false
     */
    public static boolean isRequired(StoreSettings store) {
        String value = store.find(REQUIRED).orElse(String.valueOf(store.name().isEmpty()));
        return switch (value) {
            case "true", "on", "yes" -> true;
            case "false", "off", "no" -> false;
            default -> throw new IllegalArgumentException(REQUIRED + " must be true or false, not " + value);
        };
    }

    /** Returns whether {@link StorageMarker} looks at a store: the default store in a directory. */
    private static boolean hasMarker(StoreSettings store) {
        return store.name().isEmpty() && store.type().equals("local");
    }

    private static StoreSettings ofProvider(StoreSettings settings) {
        Map<String, String> values = new TreeMap<>(settings.values());
        values.remove(REQUIRED);
        return new StoreSettings(settings.name(), settings.type(), values);
    }

    private static Store made(
            StoreSettings settings, StoreResources resources, Map<String, StorageProvider> providers) {
        String subject = settings.name().isEmpty() ? "flotilla.storage" : "the store " + settings.name();
        StorageProvider provider = providers.get(settings.type());
        if (provider == null) {
            throw new IllegalArgumentException(
                    subject + ": no provider on the class path (FLOTILLA_CLASSPATH) has the type " + settings.type()
                            + "; there are " + String.join(", ", providers.keySet()));
        }
        try {
            isRequired(settings);
            return SealedStore.open(ofProvider(settings), plain -> provider.open(plain, resources));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(subject + ": " + e.getMessage(), e);
        }
    }

    private static Map<String, StorageProvider> providers() {
        Map<String, StorageProvider> providers = new TreeMap<>();
        for (StorageProvider provider : ServiceLoader.load(StorageProvider.class)) {
            StorageProvider other = providers.put(provider.type(), provider);
            if (other != null) {
                throw new IllegalArgumentException("two providers of stores have the type " + provider.type() + ": "
                        + other.getClass().getName() + " and "
                        + provider.getClass().getName());
            }
        }
        return providers;
    }

    /** A default store with a name takes no absolute directories: its homes lie in it, as those that name it do. */
    private HomePlace place(Mount mount) {
        HomePlace place = HomePlace.of(mount.home()).among(byName.keySet());
        return place.store().isEmpty() && !standard.isEmpty() ? HomePlace.of(standard + ":/" + place.path()) : place;
    }

    private @Nullable Store find(HomePlace place) {
        return byName.get(place.store().isEmpty() ? standard : place.store());
    }

    @Override
    public StorageBackend open(Mount mount) throws StorageException {
        HomePlace place = place(mount);
        Store store = find(place);
        if (store == null) {
            throw new StorageException(Reason.NOT_FOUND, "there is no store " + place.store());
        }
        return store.home(place.path(), mount.followsLinks());
    }

    @Override
    public void failed(Mount mount, StorageException why) {
        HomePlace place = place(mount);
        Store store = find(place);
        if (store != null) {
            store.failed(place.path(), why);
        }
    }

    @Override
    public void stored(Mount mount) {
        HomePlace place = place(mount);
        Store store = find(place);
        if (store != null) {
            store.stored(place.path());
        }
    }

    /** Begins to look whether the stores that nobody can do without answer. Called once. */
    public void watchRequired() {
        if (!probed.isEmpty()) {
            watch = Optional.of(RequiredStores.watch(probed));
        }
    }

    /** The stores that nobody can do without and that do not answer, one sentence for each. Does not block. */
    public List<String> away() {
        return watch.map(RequiredStores::away).orElse(List.of());
    }

    /** Checks on the blocking executor if full places have room again. */
    public void lookForRoom() {
        if (full() > 0) {
            try {
                blocking.execute(() -> byName.values().forEach(Store::lookForRoom));
            } catch (RejectedExecutionException busy) {
                LOG.debug("no thread to look for room", busy); // the next check will do
            }
        }
    }

    /** Number of places, such as file systems, that uploads found full and that have had no room since. */
    public int full() {
        return byName.values().stream().mapToInt(Store::full).sum();
    }

    @Override
    public void close() {
        watch.ifPresent(RequiredStores::close);
        byName.values().forEach(Store::close);
    }
}
