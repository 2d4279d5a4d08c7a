//! Finding the word that was meant.

/// The candidate most like `word`, when one is like it enough that it may have been meant.
pub(crate) fn most_similar<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // One letter in three may be wrong; a short word is not turned into another altogether.
    let limit = (word.chars().count() / 3).max(1);
    let word = word.to_lowercase();
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        if candidate.len().abs_diff(word.len()) > limit {
            continue;
        }
        let distance = distance(&word, &candidate.to_lowercase());
        if distance <= limit && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// A hint that names the candidate most like `word`.
pub(crate) fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    most_similar(word, candidates).map(|candidate| format!("did you mean `{candidate}`?"))
}

/// How many letters have to be changed, added or removed (Levenshtein), two swapped neighbours being one change.
fn distance(one: &str, two: &str) -> usize {
    let two: Vec<char> = two.chars().collect();
    let mut above: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=two.len()).collect();
    let mut last = None;
    for (i, letter) in one.chars().enumerate() {
        let mut next = Vec::with_capacity(row.len());
        next.push(i + 1);
        for (j, other) in two.iter().enumerate() {
            let mut cost = (row[j] + usize::from(letter != *other)).min(row[j + 1] + 1).min(next[j] + 1);
            if j > 0 && last == Some(*other) && letter == two[j - 1] {
                cost = cost.min(above[j - 1] + 1);
            }
            next.push(cost);
        }
        above = std::mem::replace(&mut row, next);
        last = Some(letter);
    }
    row[two.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_found() {
        let words = ["BucketName", "BucketEncryption", "Tags"];
        assert_eq!(most_similar("BucketNmae", words), Some("BucketName"));
        assert_eq!(most_similar("bucketname", words), Some("BucketName"));
        assert_eq!(most_similar("Tag", words), Some("Tags"));
        assert_eq!(most_similar("Versioning", words), None);
        assert_eq!(most_similar("", words), None);
    }

    #[test]
    fn swapped_letters_are_one_change() {
        assert_eq!(distance("ab", "ba"), 1);
        assert_eq!(distance("abcd", "abdc"), 1);
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
