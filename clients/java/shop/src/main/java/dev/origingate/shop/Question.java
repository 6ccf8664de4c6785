package dev.origingate.shop;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * A fact that is missing.
 *
 * @param fact its path, as Origin Gate names it
 * @param question what to ask
 * @param where the field of the form that takes the answer, as a JSON pointer; left out where the buyer cannot give it
 * @param whom who knows it, where it is not the buyer
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Question(String fact, String question, String where, String whom) {}
