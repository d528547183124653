package flotilla.storage.s3;

import flotilla.storage.StorageBackend;
import flotilla.storage.StorageException;
import flotilla.storage.Store;
import flotilla.storage.StoreResources;

/** The homes below a prefix of a bucket. They share the connections to the service. */
final class S3Store implements Store {
    private static final int THREADS = 32;

    private final S3Settings settings;
    private final Bucket bucket;
    private final Background background;
    private final S3Storage.Shared shared;

    /** Creates the store and reaches no service. */
    S3Store(S3Settings settings, StoreResources resources) {
        this.settings = settings;
        this.bucket = new Bucket(settings, resources.meter());
        this.background = new Background(
                settings.store(),
                Math.max(1, Math.min(THREADS, settings.access().connections() / 2)));
        Tree tree = new Tree(bucket);
        Uploads uploads = new Uploads(tree, resources.transfers(), resources.reviewed());
        this.shared = new S3Storage.Shared(
                address(settings.place()),
                tree,
                uploads,
                new Renames(tree, uploads, background),
                resources.transfers(),
                background);
    }

    private static String address(S3Settings.Place place) {
        String service =
                place.endpoint().map(uri -> uri.getHost() + ":" + uri.getPort()).orElse("aws");
        return "s3://" + service + "/" + place.bucket() + "/";
    }

    @Override
    public StorageBackend home(String path, boolean followLinks) throws StorageException {
        return new S3Storage(shared, Keys.of(settings.place().prefix(), path));
    }

    @Override
    public void close() {
        shared.uploads().close();
        background.close();
        bucket.close();
    }
}
