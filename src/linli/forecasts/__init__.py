"""School places and traffic ahead of time (学位与交通预测). Not built yet."""
