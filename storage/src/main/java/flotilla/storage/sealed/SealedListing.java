package flotilla.storage.sealed;

import flotilla.storage.Entry;
import flotilla.storage.Listing;
import flotilla.storage.StorageException;
import java.util.List;
import java.util.function.UnaryOperator;

/** A listing with the sizes of the content. */
record SealedListing(Listing sealed, UnaryOperator<Entry> clear) implements Listing {
    @Override
    public List<Entry> next(int limit) throws StorageException {
        return sealed.next(limit).stream().map(clear).toList();
    }

    @Override
    public void close() {
        sealed.close();
    }
}
