package flotilla.node.overview;

/** A node that can be taken out of service and brought back. */
public interface Drainable {
    /** Takes no new work from now on; what runs goes on. */
    void drain();

    /** Takes work again. @throws RuntimeException saying why it cannot: it goes on draining */
    void undrain();

    boolean isDraining();
}
