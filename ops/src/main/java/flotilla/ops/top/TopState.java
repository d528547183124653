package flotilla.ops.top;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/** What the keys have chosen: order, filter, the selected session, and an order that waits for its confirmation. */
final class TopState {
    private static final String KEYS =
            "q quit  s sort  r reverse  / filter  j,k or arrows select  K kick  F freeze  T thaw";
    private static final int LONGEST = 100;
    private static final int DELETE = 127;

    /** An order to the cluster. */
    enum Order {
        KICK,
        FREEZE,
        THAW
    }

    /**
     * An order for a session.
     *
     * @param session id of the session
     */
    record Wish(Order order, String session) {}

    private TopQuery query;
    private int selected;
    private Optional<Wish> asked = Optional.empty();
    private Optional<StringBuilder> typed = Optional.empty();
    private String told = "";
    private boolean ended;

    TopState(TopQuery query) {
        this.query = query;
    }

    TopQuery query() {
        return query;
    }

    void fits(int rows) {
        query = query.of(rows);
    }

    int selected() {
        return selected;
    }

    boolean isEnded() {
        return ended;
    }

    void tell(String result) {
        told = result;
    }

    /** Returns the last line of the screen. */
    String bottom() {
        if (typed.isPresent()) {
            return "Only (user, address, idle, transferring): " + typed.get() + "_";
        }
        return asked.map(wish ->
                        wish.order().name().toLowerCase(java.util.Locale.ROOT) + " session " + wish.session() + "? y/n")
                .orElse(told.isEmpty() ? KEYS : told);
    }

    /**
     * Handles a key.
     *
     * @return an order that was confirmed
     */
    Optional<Wish> key(Keystroke key, List<JsonNode> sessions) {
        told = "";
        if (typed.isPresent()) {
            type(key, typed.get());
            return Optional.empty();
        }
        if (asked.isPresent()) {
            Optional<Wish> confirmed = key.is('y') ? asked : Optional.empty();
            asked = Optional.empty();
            return confirmed;
        }
        choose(key, sessions);
        return Optional.empty();
    }

    private void choose(Keystroke key, List<JsonNode> sessions) {
        switch (key.name()) {
            case "up", "k" -> selected = Math.max(0, selected - 1);
            case "down", "j" -> selected = Math.max(0, Math.min(sessions.size() - 1, selected + 1));
            case "q", "end" -> ended = true;
            case "s" -> query = query.sortedByNext();
            case "r" -> query = query.reversed();
            case "/" -> typed = Optional.of(new StringBuilder());
            case "K" -> ask(Order.KICK, sessions);
            case "F" -> ask(Order.FREEZE, sessions);
            case "T" -> ask(Order.THAW, sessions);
            default -> {}
        }
    }

    private void ask(Order order, List<JsonNode> sessions) {
        if (selected < sessions.size()) {
            asked = Optional.of(
                    new Wish(order, sessions.get(selected).path("id").asText()));
        }
    }

    private void type(Keystroke key, StringBuilder text) {
        if (key.name().equals("enter")) {
            query = query.filtered(text.toString());
            selected = 0;
            typed = Optional.empty();
        } else if (key.name().equals("escape")) {
            typed = Optional.empty();
        } else if (key.name().equals("back")) {
            text.setLength(Math.max(0, text.length() - 1));
        } else if (key.name().length() == 1 && text.length() < LONGEST) {
            text.append(key.name());
        }
    }

    /** Keeps the selection within the sessions that are shown. */
    void shown(int sessions) {
        selected = Math.max(0, Math.min(selected, sessions - 1));
    }

    /**
     * A key.
     *
     * @param name a character, or a word such as up and enter
     */
    record Keystroke(String name) {
        boolean is(char character) {
            return name.equals(String.valueOf(character));
        }

        static Keystroke of(int character) {
            return switch (character) {
                case '\r', '\n' -> new Keystroke("enter");
                case '\b', DELETE -> new Keystroke("back");
                case 3, 4 -> new Keystroke("end");
                default -> new Keystroke(String.valueOf((char) character));
            };
        }
    }
}
