/**
 * Bad input and load: floods, cut connections, garbage, against a started server that has to be as before afterwards.
 */
package flotilla.ops.load;
