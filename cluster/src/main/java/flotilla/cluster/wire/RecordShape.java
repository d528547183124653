package flotilla.cluster.wire;

import com.esotericsoftware.kryo.KryoException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The components of a record class: their tags, codecs and accessors, and its canonical constructor. */
final class RecordShape {
    private final int[] tags;
    private final FieldCodec[] codecs;
    private final @Nullable Object[] absent;
    private final MethodHandle[] accessors;
    private final MethodHandle constructor;
    private final Map<Integer, Integer> byTag = new HashMap<>();

    RecordShape(Class<?> type, FieldCodecs available) {
        RecordComponent[] components = type.getRecordComponents();
        tags = new int[components.length];
        codecs = new FieldCodec[components.length];
        absent = new Object[components.length];
        accessors = new MethodHandle[components.length];
        for (int i = 0; i < components.length; i++) {
            tags[i] = tagOf(type, components[i]);
            if (byTag.put(tags[i], i) != null) {
                throw new IllegalArgumentException(type.getName() + " uses tag " + tags[i] + " twice");
            }
            codecs[i] = available.of(components[i].getGenericType());
            absent[i] = codecs[i].absent();
            accessors[i] = accessor(components[i].getAccessor());
        }
        constructor = constructor(type, components);
    }

    int tag(int component) {
        return tags[component];
    }

    FieldCodec codec(int component) {
        return codecs[component];
    }

    /** The index of the component with a tag, or -1. */
    int component(int tag) {
        Integer component = byTag.get(tag);
        return component == null ? -1 : component;
    }

    /** The values of the components; null for a value that equals its default. */
    @Nullable Object[] values(Object record) {
        @Nullable Object[] values = new Object[accessors.length];
        for (int i = 0; i < values.length; i++) {
            Object value = get(accessors[i], record);
            values[i] = value == null || value.equals(absent[i]) ? null : value;
        }
        return values;
    }

    @Nullable Object[] defaults() {
        return absent.clone();
    }

    Object create(@Nullable Object[] values) {
        try {
            return (Object) constructor.invokeExact(values);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new KryoException(e);
        }
    }

    private static @Nullable Object get(MethodHandle accessor, Object record) {
        try {
            return (Object) accessor.invokeExact(record);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new KryoException(e);
        }
    }

    private static int tagOf(Class<?> type, RecordComponent component) {
        Tag tag = component.getAnnotation(Tag.class);
        if (tag == null || tag.value() < 1) {
            throw new IllegalArgumentException(type.getName() + "." + component.getName() + " has no @Tag from 1");
        }
        return tag.value();
    }

    private static MethodHandle accessor(Method method) {
        open(method);
        try {
            return MethodHandles.lookup().unreflect(method).asType(MethodType.methodType(Object.class, Object.class));
        } catch (IllegalAccessException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static MethodHandle constructor(Class<?> type, RecordComponent[] components) {
        Class<?>[] parameters =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            Constructor<?> canonical = type.getDeclaredConstructor(parameters);
            open(canonical);
            return MethodHandles.lookup()
                    .unreflectConstructor(canonical)
                    .asSpreader(Object[].class, components.length)
                    .asType(MethodType.methodType(Object.class, Object[].class));
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static void open(AccessibleObject member) {
        member.setAccessible(true);
    }
}
