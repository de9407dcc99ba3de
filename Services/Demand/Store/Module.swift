// first source lands soon
