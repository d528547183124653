package flotilla.storage.s3;

import flotilla.storage.StorageProvider;
import flotilla.storage.Store;
import flotilla.storage.StoreResources;
import flotilla.storage.StoreSettings;

/**
 * Creates stores in services that speak the protocol of Amazon S3, with the type {@code s3}. The page
 * {@code docs/setup/s3.md} lists their keys. Nothing of the SDK is loaded before the first request.
 */
public final class S3Provider implements StorageProvider {
    @Override
    public String type() {
        return "s3";
    }

    @Override
    public Store open(StoreSettings settings, StoreResources resources) {
        return new S3Store(S3Settings.of(settings), resources);
    }
}
